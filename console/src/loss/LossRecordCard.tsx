import type { ReactNode } from 'react';
import { Card } from '../design/Card.tsx';
import { Facts } from '../design/Facts.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { SubjectLink } from '../design/SubjectLink.tsx';
import { number, people, spaced } from '../design/words.ts';
import type { LossRecord } from './read-loss.ts';

interface Props {
  readonly said: LossRecord;
}

/** All that the text says which two people sign, and nothing else. */
export function LossRecordCard({ said }: Props): ReactNode {
  const { chains, tracks, lostLetters, lostStarts, doubts, everyone, vouched, hosts, deployment, directory } = said;
  return (
    <>
      <Card title="What is known to be missing">
        <SmallTable
          caption="Ledgers that lack entries"
          rows={chains}
          keyOf={({ chain }) => chain}
          none="No ledger is known to lack any."
          columns={[
            { label: 'Ledger of', cell: ({ chain }) => chain },
            { label: 'This database agrees up to', isNumber: true, cell: ({ agreedSeq }) => number(agreedSeq) },
            { label: 'Seen up to', isNumber: true, cell: ({ seenThrough }) => number(seenThrough) },
            { label: 'Seen by', cell: ({ seenBy }) => spaced(seenBy) },
          ]}
        />
        <Facts
          facts={[
            { label: 'Deployment', value: `${deployment}, directory ${directory}` },
            { label: 'Journals heard', value: hosts.length === 0 ? 'none' : hosts.join(', ') },
          ]}
        />
      </Card>
      <Card title="Whom it concerns" tone={said.people > 0 ? 'waits' : 'plain'}>
        <p>
          {people(said.people)} would become unknown: they may have been acted on or told. Who is on two tracks counts
          on each.
        </p>
        <SmallTable
          caption="Who becomes unknown"
          rows={tracks}
          keyOf={({ subject, track }) => `${subject} ${track}`}
          none="Nobody is known to have been reached in the lost part."
          columns={[
            { label: 'Of', cell: ({ subject }) => <SubjectLink subject={subject} /> },
            { label: 'Track', cell: ({ track }) => spaced(track) },
            { label: 'People', isNumber: true, cell: (one) => number(one.people) },
          ]}
        />
        {lostLetters.length === 0 ? null : (
          <SmallTable
            caption="Letters that were begun in the lost part: to whom is not known, and they are never sent again"
            rows={lostLetters}
            keyOf={({ subject, track }) => `${subject} ${track}`}
            none=""
            columns={[
              { label: 'Of', cell: ({ subject }) => <SubjectLink subject={subject} /> },
              { label: 'Letter', cell: ({ track }) => spaced(track) },
              { label: 'At most', isNumber: true, cell: (one) => number(one.people) },
            ]}
          />
        )}
        {lostStarts.length === 0 ? null : (
          <p>
            Started in the lost part, and never started again:{' '}
            {lostStarts.map((subject, at) => (
              <span key={subject}>
                {at === 0 ? '' : ', '}
                <SubjectLink subject={subject} />
              </span>
            ))}
            . Draw up a new one.
          </p>
        )}
      </Card>
      <Card title="What nobody can know" tone={doubts.length > 0 ? 'waits' : 'plain'}>
        {doubts.length === 0 ? (
          <p className="soft">There is no sign that more is lost than stands above.</p>
        ) : (
          <ul className="list">
            {doubts.map((doubt) => (
              <li key={doubt}>More may be lost: {doubt}.</li>
            ))}
          </ul>
        )}
        <Facts
          facts={[
            {
              label: 'Covered by',
              value: everyone
                ? 'everyone: whoever was not told for certain becomes unknown, and no approved plan can be started'
                : vouched === null
                  ? 'nothing more than what is known'
                  : 'somebody’s word',
            },
            ...(vouched === null ? [] : [{ label: 'Their word', value: <bdi>{vouched}</bdi> }]),
          ]}
        />
      </Card>
    </>
  );
}
