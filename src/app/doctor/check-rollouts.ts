import { soakSecondsOf } from '../../domain/rollout/track-state.ts';
import type { StoredTrack } from '../ports/rollout-store.ts';
import type { Store } from '../ports/store.ts';
import { subjectOf } from '../rollout/halt-rollout.ts';
import { pauseInWords } from '../rollout/pause-rollout.ts';
import type { CheckFinding } from './finding.ts';
import { doubtful, sound } from './finding.ts';

/** A living worker settles its permit at its end, or another one takes it back after a minute. */
const overdueSeconds = 120;

/** What is under way: permits that nobody settles, and how long each running track takes at the least. */
export async function checkRollouts(store: Store): Promise<readonly CheckFinding[]> {
  return store.transact(async (tx) => {
    const overdue = await tx.operation.overduePermits(overdueSeconds);
    const findings = [
      overdue === 0
        ? sound('permits', 'none is overdue')
        : doubtful(
            'permits',
            `${overdue} are open ${overdueSeconds} s after their time: what happened in them is not recorded`,
            'Start a worker on the host that held them: only it can read their dot files.',
          ),
    ];
    for (const rollout of await tx.rollouts.unfinished()) {
      const pause = await tx.pauses.current(rollout.no);
      if (pause !== null)
        findings.push(
          doubtful(
            `${subjectOf(rollout)} pause`,
            `${pauseInWords(pause)}, since ${pause.at.toISOString()}: nothing more of it begins`,
            `Two may resume it: allclear rollout resume ${subjectOf(rollout)}`,
          ),
        );
      for (const track of await tx.rollouts.tracks(rollout.no)) {
        if (track.phase === 'finished') continue;
        const name = `${subjectOf(rollout)} ${track.track}`;
        const at = `${track.nextOrdinal} of ${track.members} begun`;
        findings.push(
          track.phase === 'running'
            ? sound(
                name,
                `${at}; its waves take at least ${inHours(leastSecondsLeft(track))} more${pause === null ? '' : ', once it is resumed'}`,
              )
            : doubtful(name, `halted, ${at}`, `Two may resume it: allclear rollout resume ${subjectOf(rollout)}`),
        );
      }
    }
    return findings;
  });
}

/** The soaks of the waves that are not behind their gate yet; sending takes longer, by as much as the mailer is slow. */
export function leastSecondsLeft(track: StoredTrack): number {
  let seconds = 0;
  for (let wave = Math.max(0, track.wavesOpened - 1); wave < track.waveEnds.length; wave += 1)
    seconds += soakSecondsOf(track, wave);
  return seconds;
}

function inHours(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5_400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
