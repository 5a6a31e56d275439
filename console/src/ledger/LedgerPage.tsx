import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { useReadPages } from '../api/read.ts';
import { Card } from '../design/Card.tsx';
import { Field } from '../design/Field.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { useMay } from '../session/use-session.ts';
import { Page } from '../shell/Page.tsx';
import { chainName, eventName, readLedgerFilter } from './ledger-filter.ts';
import type { LedgerFilter } from './ledger-filter.ts';
import { ExportEntries } from './ExportEntries.tsx';
import { LedgerEntries } from './LedgerEntries.tsx';
import { VerifyLedger } from './VerifyLedger.tsx';

/** What happened, in order, tamper-evident. */
export function LedgerPage(): ReactNode {
  const filter = useSearch({ from: '/ledger' });
  return (
    <Page title="Ledger" lead="What happened, in order. Personal values stand beside it, here only as salted digests.">
      <Filter key={`${filter.of} ${filter.event ?? ''}`} filter={filter} />
      <Found filter={filter} />
      <Verify />
    </Page>
  );
}

function Filter({ filter }: { readonly filter: LedgerFilter }): ReactNode {
  const navigate = useNavigate();
  const [of, setOf] = useState(filter.of);
  const [event, setEvent] = useState(filter.event ?? '');
  const isChain = chainName.test(of.trim());
  const isEvent = eventName.test(event.trim());
  return (
    <Card title="Which entries">
      <form
        className="choose"
        role="search"
        onSubmit={(submitted) => {
          submitted.preventDefault();
          if (isChain && isEvent)
            void navigate({ to: '/ledger', search: readLedgerFilter({ of: of.trim(), event: event.trim() }) });
        }}
      >
        <Field
          label="Chain"
          hint="installation, or a plan or retraction that was started: plan_81"
          value={of}
          onChange={setOf}
          problem={isChain ? null : 'One looks like plan_81.'}
        />
        <Field
          label="Event"
          hint="All, or one: rollout.halted. An event of an entry below can be pressed."
          value={event}
          onChange={setEvent}
          problem={isEvent ? null : 'One looks like rollout.halted.'}
        />
        <Button type="submit" className="button act choose-go" isDisabled={!isChain || !isEvent}>
          Show
        </Button>
      </form>
    </Card>
  );
}

function Found({ filter }: { readonly filter: LedgerFilter }): ReactNode {
  const pages = useReadPages('get /api/v1/ledger/entries', { query: filter as never });
  const entries = pages.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <Card title={filter.of === 'installation' ? 'The installation’s own chain' : `The chain of ${filter.of}`}>
      {pages.isError ? <ProblemNote error={pages.error} onAgain={() => void pages.refetch()} /> : null}
      {pages.isPending ? <p className="loading">Reading the entries …</p> : null}
      {pages.data === undefined ? null : (
        <>
          <LedgerEntries
            filter={filter}
            entries={entries}
            hasMore={pages.hasNextPage}
            isReadingMore={pages.isFetchingNextPage}
            onMore={() => void pages.fetchNextPage()}
          />
          <ExportEntries key={`${filter.of} ${filter.event ?? ''}`} filter={filter} />
        </>
      )}
    </Card>
  );
}

function Verify(): ReactNode {
  const may = useMay();
  return may('ledger.verify') ? <VerifyLedger /> : null;
}
