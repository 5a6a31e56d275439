import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { Behind } from '../ports/standing-store.ts';
import type { RolloutRow, StoredTrack } from '../ports/rollout-store.ts';
import type { Tx } from '../ports/store.ts';
import { subjectOf } from '../rollout/halt-rollout.ts';
import type { ChainLoss, HeardJournal, Loss } from './find-loss.ts';
import { lostRanges } from './lost-ranges.ts';
import type { LostRange } from './lost-ranges.ts';

/** Named as holder of a range that was written down after a loss: no host of its own. */
const hostOfLoss = 'lost';

export interface TrackLoss {
  readonly subject: PlanId | RetractionId;
  readonly track: Track;
  /** People who become unknown: they may have been acted on or told, and are not written to again. */
  readonly people: number;
}

export interface LossPreview {
  /** Null where nothing stands in the way of sending. */
  readonly behind: Behind | null;
  readonly chains: readonly ChainLoss[];
  readonly tracks: readonly TrackLoss[];
  /** Sum of `people` over the tracks, so that who is on two of them counts twice: what a person types. */
  readonly people: number;
  /** Letters that were begun in the lost part: this database does not know to whom, and never sends them again. */
  readonly lostLetters: readonly { readonly subject: string; readonly track: Track; readonly people: number }[];
  /** Plans and retractions that were, or may have been, started in the lost part: they are never started again. */
  readonly lostStarts: readonly (PlanId | RetractionId)[];
  /** Why more may be lost than is known. With any, only everyone or a person's word covers it. */
  readonly doubts: readonly string[];
  readonly lastCheckpointAt: string | null;
}

export interface PlannedLoss extends LossPreview {
  readonly work: readonly {
    readonly rollout: RolloutRow;
    readonly track: StoredTrack;
    readonly ranges: readonly LostRange[];
  }[];
  readonly closing: readonly { readonly rollout: RolloutRow; readonly track: Track }[];
}

/** Derives from a loss what has to be written down. Reads only. */
export async function planLoss(
  tx: Tx,
  loss: Loss,
  journals: readonly HeardJournal[],
  isEveryone: boolean,
): Promise<PlannedLoss> {
  const behind = await tx.standing.behind();
  const lostByRollout = Map.groupBy(loss.permits, (entry) => entry.rolloutNo);
  const lostChains = new Set(loss.chains.map((one) => one.chain));
  const work: { rollout: RolloutRow; track: StoredTrack; ranges: readonly LostRange[] }[] = [];
  const closing: { rollout: RolloutRow; track: Track }[] = [];
  const lostLetters: { subject: string; track: Track; people: number }[] = [];
  const lostStarts = new Set<PlanId | RetractionId>();
  const doubts: string[] = [];

  for (const rollout of await tx.rollouts.unfinished()) {
    for (const track of await tx.rollouts.tracks(rollout.no)) {
      const lost = (lostByRollout.get(rollout.no) ?? []).filter((entry) => entry.track === track.track);
      const ranges = await lostRanges(tx, rollout, track, lost, isEveryone);
      if (ranges.length > 0) work.push({ rollout, track, ranges });
    }
  }
  for (const [no, entries] of lostByRollout) {
    const rollout = await tx.rollouts.read(no);
    const [first] = entries;
    if (first === undefined) continue;
    if (rollout === null) {
      lostStarts.add(first.subject);
      continue;
    }
    const known = new Set((await tx.rollouts.tracks(no)).map((track) => track.track));
    for (const [track, ofTrack] of Map.groupBy(entries, (entry) => entry.track)) {
      if (known.has(track)) continue;
      closing.push({ rollout, track });
      lostLetters.push({ subject: subjectOf(rollout), track, people: frontierOf(ofTrack) });
    }
  }

  for (const chain of lostChains) {
    const no = Number(/^rollout:([0-9]+)$/.exec(chain)?.[1] ?? 0);
    if (no > 0 && (await tx.rollouts.read(no)) === null && !lostByRollout.has(no))
      doubts.push(`${chain} was begun in the lost part, and no journal here says of which plan and over whom`);
  }
  doubts.push(...(await doubtsOf(tx, loss, journals, behind)));
  if (isEveryone) for (const subject of await tx.standing.notStarted()) lostStarts.add(subject);

  const tracks = work.map(({ rollout, track, ranges }) => ({
    subject: subjectOf(rollout),
    track: track.track,
    people: ranges.reduce((sum, range) => sum + range.people, 0),
  }));
  return {
    behind,
    chains: loss.chains,
    tracks,
    people: tracks.reduce((sum, track) => sum + track.people, 0),
    lostLetters,
    lostStarts: [...lostStarts],
    doubts,
    lastCheckpointAt: loss.lastCheckpointAt,
    work,
    closing,
  };
}

function frontierOf(entries: readonly { readonly from: number; readonly size: number }[]): number {
  return entries.reduce((far, entry) => Math.max(far, entry.from + entry.size), 0);
}

/** Where the loss has no end that anything here could know of. */
async function doubtsOf(
  tx: Tx,
  loss: Loss,
  journals: readonly HeardJournal[],
  behind: Behind | null,
): Promise<readonly string[]> {
  const heard = new Set(journals.map((journal) => journal.host));
  const silent = (await tx.standing.workerHosts()).filter((host) => host !== hostOfLoss && !heard.has(host));
  const doubts = silent.map((host) => `the permit journal of ${host} is not here: what its workers did is not known`);
  if (loss.lastCheckpointAt === null) doubts.push('there is no checkpoint outside of the database to compare it with');
  if (behind?.kind === 'restored' && loss.chains.length === 0)
    doubts.push(
      'nothing here is newer than the backup: what was done after it, if anything, left no trace on this machine',
    );
  if (loss.findings.length > 0)
    doubts.push(`${loss.findings.length} lines of the checkpoint file cannot be believed: see allclear ledger verify`);
  return doubts;
}
