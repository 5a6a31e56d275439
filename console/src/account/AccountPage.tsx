import { useMutation } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { call } from '../api/call.ts';
import { Card } from '../design/Card.tsx';
import { Field } from '../design/Field.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { Page } from '../shell/Page.tsx';
import { AccountStory } from './AccountStory.tsx';

/** Longer than any address or id that a directory has; the server takes no more either. */
const maxQueryChars = 1_024;

/**
 * For the support desk: one search, the whole story. What is typed is sent in the body of a POST and kept nowhere here;
 * each reading is a person's own act and stands in the ledger, so that nothing is read again by itself.
 */
export function AccountPage(): ReactNode {
  const given = useRouterState({ select: (state) => state.location.state.account ?? '' });
  const [query, setQuery] = useState(given);
  const reading = useMutation({
    mutationFn: (asked: string) => call('post /api/v1/explanations', { body: { query: asked } }),
  });
  const typed = query.trim();
  const story = reading.data;
  return (
    <Page title="Account" lead="What we did to an account, why, and what holds now: to be read out to its holder.">
      <Card title="Whose story">
        <form
          role="search"
          onSubmit={(event) => {
            event.preventDefault();
            if (typed !== '' && !reading.isPending) reading.mutate(typed);
          }}
        >
          <Field
            label="Account id, address or notice number"
            hint="Not kept, and in no address of this page. The reading is in the ledger, with your name."
            value={query}
            onChange={setQuery}
            maxLength={maxQueryChars}
          />
          <Button
            type="submit"
            className={reading.isPending ? 'button act pending' : 'button act'}
            isDisabled={typed === ''}
          >
            {reading.isPending ? 'Reading …' : 'Read the story'}
          </Button>
        </form>
        {reading.isError ? <ProblemNote error={reading.error} /> : null}
        <p className="out-of-sight" role="status">
          {story === undefined ? '' : `The story of ${story.accountId} is below.`}
        </p>
      </Card>
      {story === undefined ? null : <AccountStory story={story} />}
    </Page>
  );
}
