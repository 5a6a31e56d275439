import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Card } from '../design/Card.tsx';
import { Facts } from '../design/Facts.tsx';
import { Figures } from '../design/Figures.tsx';
import { Moment } from '../design/Moment.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { Tag } from '../design/Tag.tsx';
import { counted, number, percent, spaced } from '../design/words.ts';

export type Report = Answer<'get /api/v1/evidence/{batch}'>;

/** Counts only: no line of the list, no address and no password is anywhere in it. */
export function BatchReport({ report }: { readonly report: Report }): ReactNode {
  const { batch, tally, facts, sourceTally } = report;
  const refused = Object.entries(batch.refused).filter(([, count]) => count > 0);
  const refusedSum = refused.reduce((sum, [, count]) => sum + count, 0);
  return (
    <>
      <Card title="What it says">
        <Figures
          figures={[
            { label: 'Lines read', value: number(batch.mark.lines), hint: `${number(batch.linesMet)} met an account` },
            { label: 'Accounts met', value: number(tally.accounts) },
            ...(batch.class === 'credentials'
              ? [
                  {
                    label: 'Verified',
                    value: number(facts.verified),
                    hint:
                      facts.verifiedShare === null
                        ? 'A password that works.'
                        : `${percent(facts.verifiedShare)} of those that were tried`,
                  },
                  { label: 'Weak', value: number(facts.weak), hint: 'Only the address was met: resets nobody.' },
                ]
              : []),
            {
              label: 'Refused lines',
              value: number(refusedSum),
              ...(refusedSum > 0 ? { tone: 'waits' as const } : {}),
            },
          ]}
        />
        <SmallTable
          caption="Grades"
          rows={tally.classes}
          keyOf={(one) => `${one.class} ${one.state} ${one.remark ?? ''}`}
          none="No account of the directory was met."
          columns={[
            { label: 'Grade', cell: (one) => one.class },
            { label: 'State', cell: ({ state }) => <Tag tone={state === 'live' ? 'good' : 'plain'}>{state}</Tag> },
            { label: 'Remark', cell: ({ remark }) => (remark === null ? '–' : spaced(remark)) },
            { label: 'Pieces', isNumber: true, cell: ({ evidence }) => number(evidence) },
          ]}
        />
        <SmallTable
          caption="Refused lines, by reason: the lines themselves are kept nowhere"
          rows={refused}
          keyOf={([reason]) => reason}
          none="No line was refused."
          columns={[
            { label: 'Reason', cell: ([reason]) => spaced(reason) },
            { label: 'Lines', isNumber: true, cell: ([, count]) => number(count) },
          ]}
        />
      </Card>
      <Card title="Where it comes from">
        <Facts
          facts={[
            {
              label: 'Source',
              value: `${batch.source.name}, ${batch.source.authority === 'own' ? 'our own' : 'outside'}`,
            },
            { label: 'First named', value: <Moment at={batch.source.createdAt} /> },
            {
              label: 'All of this source',
              value: `${counted(sourceTally.batches, 'batch', 'batches')}; ${number(sourceTally.live)} pieces live, ${number(sourceTally.withdrawn)} withdrawn`,
            },
            { label: 'File', value: batch.fileName },
            { label: 'Directory', value: batch.directory },
            ...(batch.reportedBy === null ? [] : [{ label: 'Reported by', value: batch.reportedBy }]),
            ...(batch.finishedAt === null ? [] : [{ label: 'Finished', value: <Moment at={batch.finishedAt} /> }]),
          ]}
        />
      </Card>
      <Card title="What speaks against it">
        <Facts
          facts={[
            {
              label: 'Without a password',
              value: `${number(facts.passwordless)} accounts: a leaked password cannot be theirs`,
            },
            {
              label: 'Changed since',
              value: `${number(facts.olderThanPassword)} set a newer password after the event`,
            },
            { label: 'Unknown scheme', value: `${number(facts.unknownScheme)} could not be tried` },
            {
              label: 'No restore point',
              value: `${number(facts.noRestorePoint)} were held back and could not be tried`,
            },
          ]}
        />
      </Card>
    </>
  );
}
