import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Card } from '../design/Card.tsx';
import { Facts } from '../design/Facts.tsx';
import { Moment } from '../design/Moment.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { Tag } from '../design/Tag.tsx';
import type { Tone } from '../design/Tag.tsx';
import { number, people, span, spaced } from '../design/words.ts';
import { isPausable } from './pausable.ts';
import { TrackBar } from './TrackBar.tsx';
import { Named } from '../design/Named.tsx';

type Track = Answer<'get /api/v1/rollouts/{subject}'>['tracks'][number];

const phaseTones: Readonly<Record<Track['phase'], Tone>> = { running: 'good', halted: 'waits', finished: 'plain' };
const resultTones: Readonly<Record<Track['gates'][number]['result'], Tone>> = {
  pass: 'good',
  fail: 'wrong',
  inconclusive: 'waits',
};

interface Props {
  readonly track: Track;
  /** A person paused the rollout: a track that is not halted or done stands still. */
  readonly isPaused: boolean;
  /** As it was seen on this page; null while there is too little to say. */
  readonly ratePerMinute: number | null;
}

/** One track: how far it is, why it does not go on, its gates, and every outcome; they add up. */
export function TrackCard({ track, isPaused, ratePerMinute }: Props): ReactNode {
  const { wave, phase, reasons, gates, counts, members, soakUntil, heldForHours, haltedAt, haltedBy } = track;
  const stands = isPaused && phase === 'running' && isPausable(track.track);
  const outcomes = Object.entries(counts).filter(([, count]) => count > 0);
  const sum = outcomes.reduce((total, [, count]) => total + count, 0);
  return (
    <Card
      title={`Track ${spaced(track.track)}`}
      aside={stands ? <Tag tone="waits">paused</Tag> : <Tag tone={phaseTones[phase]}>{phase}</Tag>}
      tone={phase === 'halted' || stands ? 'waits' : 'plain'}
    >
      <TrackBar track={track} />
      <Facts
        facts={[
          {
            label: 'Wave',
            value: `${number(wave.opened)} of ${number(wave.of)}, open to the first ${people(wave.openTo)} of ${number(members)}`,
          },
          { label: 'In flight', value: number(track.inFlight) },
          ...(phase !== 'running' || ratePerMinute === null
            ? []
            : [{ label: 'Rate now', value: rateInWords(track, ratePerMinute) }]),
          ...(reasons.join('') === ''
            ? []
            : [{ label: phase === 'halted' ? 'Halted because' : 'Waits', value: reasons.join('; ') }]),
          ...(haltedAt === null
            ? []
            : [
                {
                  label: 'Halted',
                  value: (
                    <>
                      <Moment at={haltedAt} />
                      {haltedBy === null ? null : <Named>{` by ${haltedBy}`}</Named>}
                    </>
                  ),
                },
              ]),
          ...(soakUntil === null || phase !== 'running'
            ? []
            : [{ label: 'Watched until', value: <Moment at={soakUntil} /> }]),
          ...(heldForHours === null
            ? []
            : [
                {
                  label: 'Waits for the day',
                  value: (
                    <>
                      {people(heldForHours.people)}, the first <Moment at={heldForHours.nextAt} />
                    </>
                  ),
                },
              ]),
        ]}
      />
      <SmallTable
        caption="Gates"
        rows={gates}
        keyOf={({ gate }) => gate}
        none="No gate is asked: this track is done."
        columns={[
          { label: 'Gate', cell: ({ gate }) => spaced(gate) },
          { label: 'Says', cell: ({ result }) => <Tag tone={resultTones[result]}>{result}</Tag> },
          { label: 'Why', cell: ({ reason }) => reason },
        ]}
      />
      <details open={outcomes.length <= 8}>
        <summary>
          Every outcome: {number(sum)} of {people(members)}
        </summary>
        <SmallTable
          caption={`Outcomes of ${spaced(track.track)}`}
          rows={outcomes}
          keyOf={([outcome]) => outcome}
          none="Nobody is on this track."
          columns={[
            { label: 'Outcome', cell: ([outcome]) => spaced(outcome) },
            { label: 'People', isNumber: true, cell: ([, count]) => number(count) },
          ]}
        />
      </details>
    </Card>
  );
}

/** Only for the wave that is open: how long gates and soaks take is not a matter of rate. */
function rateInWords({ counts, wave }: Track, ratePerMinute: number): string {
  const open =
    (counts['created'] ?? 0) + (counts['released'] ?? 0) + (counts['claimed'] ?? 0) + (counts['deferred'] ?? 0);
  const settled = Object.values(counts).reduce((sum, count) => sum + count, 0) - open;
  const left = Math.max(0, wave.openTo - settled);
  const rate = `${number(Math.round(ratePerMinute))} people a minute`;
  if (left === 0) return `${rate}; this wave is done`;
  return ratePerMinute <= 0 ? rate : `${rate}; ${span((left / ratePerMinute) * 60)} to go in this wave`;
}
