import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { call } from '../api/call.ts';
import type { Answer } from '../api/routes.ts';
import { Figures } from '../design/Figures.tsx';
import { Moment } from '../design/Moment.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { number, people } from '../design/words.ts';
import { WorkButton } from '../design/WorkButton.tsx';
import { useMay } from '../session/use-session.ts';
import { RetractionLines } from './RetractionLines.tsx';
import { StepCard } from './StepCard.tsx';
import { reasonWords } from './words.ts';
import { Named } from '../design/Named.tsx';

interface Props {
  readonly plan: string;
  readonly rests: boolean;
  /** Letters that leave just now; none is drawn up meanwhile. */
  readonly letters: readonly string[];
  /** Null: none was drawn up yet. */
  readonly shown: Answer<'get /api/v1/retractions/{subject}'> | null;
  readonly others: readonly string[];
}

/** For each account anew, from the evidence that is left: what is it owed? */
export function DecideStep({ plan, rests, letters, shown, others }: Props): ReactNode {
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  const queries = useQueryClient();
  const drawing = useMutation({
    mutationFn: () => call('post /api/v1/plans/{plan}/retractions', { params: { plan: plan } }),
    onSuccess: () => queries.invalidateQueries(),
  });
  const isFree = rests && letters.length === 0;
  const standing = shown === null ? (isFree ? 'now' : 'later') : 'done';
  return (
    <StepCard no={4} title="Restore, keep, or a person" standing={standing}>
      {shown === null ? (
        <p>Nobody has drawn up what puts {plan} right. It acts on nobody until it was approved.</p>
      ) : (
        <>
          <p>
            {shown.retraction} was drawn up <Moment at={shown.createdAt} /> by <Named>{shown.author}</Named>. It
            concerns {people(shown.affected)} who{' '}
            {shown.action === 'suspend' ? 'are let back in or get a letter' : 'get their password back or a letter'}.
          </p>
          <Decisions shown={shown} />
          <details onToggle={(event) => setOpen(event.currentTarget.open)}>
            <summary>Account by account: all {number(shown.tally.total)}</summary>
            {isOpen ? (
              <RetractionLines retraction={shown.retraction} onlyLeftOver={false} closed={shown.tally.terminal} />
            ) : null}
          </details>
          {others.length === 0 ? null : (
            <p>
              Others of {plan}:{' '}
              {others.map((one, at) => (
                <span key={one}>
                  {at === 0 ? '' : ', '}
                  <Link to="/retractions/$subject" params={{ subject: one }}>
                    {one}
                  </Link>
                </span>
              ))}
            </p>
          )}
        </>
      )}
      {rests && !isFree ? (
        <p role="status">
          Letters are on their way ({letters.join(', ')}): it can be drawn up once they are out. Nobody has to halt
          them.
        </p>
      ) : null}
      {may('retraction.draft') && isFree ? (
        <>
          <WorkButton
            className={shown === null ? 'button act' : 'button'}
            isWorking={drawing.isPending}
            onPress={() => drawing.mutate()}
          >
            {drawing.isPending ? 'Drawing up …' : shown === null ? 'Draw it up' : 'Draw up anew, from what is live now'}
          </WorkButton>
          {drawing.isError ? <ProblemNote error={drawing.error} /> : null}
        </>
      ) : null}
    </StepCard>
  );
}

function Decisions({ shown }: { readonly shown: Answer<'get /api/v1/retractions/{subject}'> }): ReactNode {
  const isSuspension = shown.action === 'suspend';
  const of = (decision: string): string => number(shown.decisions[decision] ?? 0);
  return (
    <>
      <Figures
        figures={[
          {
            label: 'Restore',
            value: of('restore'),
            hint: isSuspension ? 'They are let back in.' : 'Their old password works again.',
          },
          { label: 'Keep', value: of('keep'), hint: 'Other evidence still speaks for it.' },
          {
            label: 'Needs a person',
            value: of('person'),
            hint: 'Nothing is done by itself.',
            ...((shown.decisions['person'] ?? 0) > 0 ? { tone: 'waits' as const } : {}),
          },
          {
            label: 'Not acted on',
            value: of('untouched'),
            hint: isSuspension ? 'They were not suspended.' : 'No password to give back.',
          },
        ]}
      />
      <SmallTable
        caption="Why"
        rows={Object.entries(shown.reasons)}
        keyOf={([reason]) => reason}
        none="No account of the plan was acted on."
        columns={[
          { label: 'Reason', cell: ([reason]) => reasonWords[reason] ?? reason },
          { label: 'People', isNumber: true, cell: ([, count]) => number(count) },
        ]}
      />
    </>
  );
}
