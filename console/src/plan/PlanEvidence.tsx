import { useQueries } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call } from '../api/call.ts';
import { keyOf } from '../api/read.ts';
import type { Answer } from '../api/routes.ts';
import { Card } from '../design/Card.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { number, percent } from '../design/words.ts';
import { useMay } from '../session/use-session.ts';

type Report = Answer<'get /api/v1/evidence/{batch}'>;

interface Props {
  readonly batches: readonly string[];
}

/** The cohort against its evidence, batch by batch, with the rates at which a list of this kind is usually right. */
export function PlanEvidence({ batches }: Props): ReactNode {
  const may = useMay();
  const reads = useQueries({
    queries: batches.map((batch) => {
      const input = { params: { batch: batch } };
      return {
        queryKey: keyOf('get /api/v1/evidence/{batch}', input),
        queryFn: () => call('get /api/v1/evidence/{batch}', input),
        enabled: may('evidence.read'),
      };
    }),
  });
  const reports = reads.map(({ data }) => data).filter((data) => data !== undefined);
  const failed = reads.find(({ isError }) => isError);
  return (
    <Card title="The evidence that it rests on">
      {failed === undefined ? null : <ProblemNote error={failed.error} />}
      <SmallTable
        caption="Batches"
        rows={reports}
        keyOf={({ batch }) => batch.batch}
        none={may('evidence.read') ? 'Reading …' : 'Your role does not read evidence.'}
        columns={[
          { label: 'Batch', cell: ({ batch }) => batch.batch },
          { label: 'Source', cell: ({ batch }) => `${batch.source.name} (${batch.source.authority})` },
          { label: 'Class', cell: ({ batch }) => batch.class },
          { label: 'Lines', isNumber: true, cell: ({ batch }) => number(batch.mark.lines) },
          { label: 'Accounts met', isNumber: true, cell: ({ tally }) => number(tally.accounts) },
          { label: 'Verified', isNumber: true, cell: ({ facts }) => number(facts.verified) },
          {
            label: 'Verified of tried',
            isNumber: true,
            cell: ({ facts }) => (facts.verifiedShare === null ? '–' : percent(facts.verifiedShare)),
          },
          { label: 'Live, withdrawn', isNumber: true, cell: ({ tally }) => liveAndWithdrawn(tally) },
          { label: 'Speaks against it', cell: ({ facts }) => contradictions(facts) },
        ]}
      />
    </Card>
  );
}

function liveAndWithdrawn({ classes }: Report['tally']): string {
  const of = (state: 'live' | 'withdrawn'): number =>
    classes.filter((one) => one.state === state).reduce((sum, { evidence }) => sum + evidence, 0);
  return `${number(of('live'))}, ${number(of('withdrawn'))}`;
}

function contradictions({ passwordless, olderThanPassword }: Report['facts']): string {
  const found = [
    ...(passwordless > 0 ? [`${number(passwordless)} have no password`] : []),
    ...(olderThanPassword > 0 ? [`${number(olderThanPassword)} changed theirs since`] : []),
  ];
  return found.length === 0 ? 'nothing' : found.join('; ');
}
