import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Card } from '../design/Card.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { Tag } from '../design/Tag.tsx';
import { number, percent, spaced } from '../design/words.ts';

type Track = Answer<'get /api/v1/rollouts/{subject}'>['tracks'][number];

const mailTracks: readonly string[] = ['tell', 'holding', 'late', 'correct'];
/** Whatever a mail server took, or may have taken. */
const handed = ['accepted', 'bounced', 'complained', 'unknown'];

/** What mail servers and readers sent back, with what its gates make of it. Nothing where no mail left yet. */
export function CameBackCard({ tracks }: { readonly tracks: readonly Track[] }): ReactNode {
  const rows = tracks.filter((track) => mailTracks.includes(track.track) && sum(track, [...handed, 'refused']) > 0);
  if (rows.length === 0) return null;
  const gates = rows.flatMap(({ gates: all }) => all.filter(({ gate }) => /bounce|complain|return|refus/.test(gate)));
  return (
    <Card title="What came back">
      <SmallTable
        caption="Mails by track"
        rows={rows}
        keyOf={({ track }) => track}
        none=""
        columns={[
          { label: 'Track', cell: ({ track }) => spaced(track) },
          { label: 'Handed over', isNumber: true, cell: (track) => number(sum(track, handed)) },
          { label: 'Bounced', isNumber: true, cell: (track) => share(track, 'bounced') },
          { label: 'Reported as unwanted', isNumber: true, cell: (track) => share(track, 'complained') },
          { label: 'Refused at once', isNumber: true, cell: ({ counts }) => number(counts['refused'] ?? 0) },
          { label: 'Unknown', isNumber: true, cell: ({ counts }) => number(counts['unknown'] ?? 0) },
        ]}
      />
      {gates.map(({ gate, result, reason }) => (
        <p key={gate} className="soft">
          <Tag tone={result === 'pass' ? 'good' : result === 'fail' ? 'wrong' : 'waits'}>{spaced(gate)}</Tag> {reason}
        </p>
      ))}
    </Card>
  );
}

function sum({ counts }: Track, outcomes: readonly string[]): number {
  return outcomes.reduce((total, outcome) => total + (counts[outcome] ?? 0), 0);
}

function share(track: Track, outcome: string): string {
  const count = track.counts[outcome] ?? 0;
  const of = sum(track, handed);
  return count === 0 || of === 0 ? number(count) : `${number(count)} (${percent(count / of)})`;
}
