import { restoreStateOf } from '../../domain/action/restore-outcome.ts';
import type { StatementCounts, StatementFact } from '../../domain/ledger/statement-words.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { Store } from '../ports/store.ts';
import { outcomesOf } from '../rollout/track-outcomes.ts';
import type { CountedRetraction, CountedRollout } from './counted-rollout.ts';
import type { GrantedPerson } from './granted-people.ts';

/** Letters and accounts read at a time. */
const page = 1_000;

type Words = Readonly<Record<string, number>>;

/**
 * Counts people from outcome vectors that the ledger vouches for. A retraction that was never started has done nothing
 * and counts for nothing; of several, each gave its own passwords back and the newest says who is still open. Whoever was let in, or
 * told, by a granted appeal and by a retraction counts once.
 */
export async function statementCounts(
  store: Store,
  plan: CountedRollout | null,
  retractions: readonly CountedRetraction[],
  granted: readonly GrantedPerson[],
): Promise<StatementCounts> {
  const notices = [await countTrack(plan, 'tell'), await countTrack(plan, 'late')];
  const contained = await countTrack(plan, 'contain');
  const holding = await countTrack(plan, 'holding');
  const corrected: Words[] = [];
  let restored = 0;
  for (const one of retractions) {
    corrected.push(await countFinalLetters(store, one));
    const words = await countTrack(one, 'restore');
    restored += sumOf([words], ['restored', 'already-restored']);
  }
  const newest = retractions[0];
  const decided = newest === undefined ? null : await countDecisions(store, newest);
  const chainOf = (one: CountedRollout): string => `ledger chain rollout:${one.rolloutNo}`;
  const fromPlan = (value: number, tracks: string): StatementFact<number> =>
    plan === null
      ? { value: null, source: 'no rollout was started' }
      : { value, source: `${chainOf(plan)}, outcomes of ${tracks}, each range checked against its newest entry` };
  const fromRetractions = (value: number | null, tracks: string): StatementFact<number> =>
    newest === undefined
      ? { value: null, source: 'no retraction was started' }
      : { value, source: `${retractions.map(chainOf).join(', ')}, ${tracks}` };
  const withGranted = (fact: StatementFact<number>, own: number, entries: string): StatementFact<number> =>
    own === 0 || plan === null
      ? fact
      : { value: (fact.value ?? 0) + own, source: `${fact.source}; ${chainOf(plan)}, entries ${entries}` };
  const letIn = granted.filter((one) => one.isLetIn && !one.retracted.isLetIn);
  const told = granted.filter((one) => one.told === 'accepted' && one.retracted.told !== 'accepted');
  const perhapsTold = granted.filter((one) => one.told === 'unknown' && one.retracted.told === null);
  // Told for sure by the answer to their appeal, whatever came of the letter.
  const surelyTold = told.filter((one) => one.retracted.told === 'unknown').length;
  return {
    toldAccepted: fromPlan(sumOf(notices, ['accepted', 'complained']), 'tell and late'),
    toldUnknown: fromPlan(sumOf(notices, ['unknown']), 'tell and late'),
    contained: fromPlan(sumOf([contained], ['contained']), 'contain'),
    holding: fromPlan(sumOf([holding], ['accepted', 'complained', 'unknown']), 'holding'),
    corrected: withGranted(
      fromRetractions(sumOf(corrected, ['accepted', 'complained']), 'outcomes of the final letters on correct'),
      told.length,
      'appeal.answered',
    ),
    correctedUnknown: withGranted(
      fromRetractions(sumOf(corrected, ['unknown']) - surelyTold, 'outcomes of the final letters on correct'),
      perhapsTold.length,
      'appeal.answered',
    ),
    restored: withGranted(
      fromRetractions(restored, 'outcomes of restore'),
      letIn.length,
      'suspension.lifted by an appeal',
    ),
    granted:
      plan === null
        ? { value: null, source: 'no rollout was started' }
        : { value: granted.length, source: `${chainOf(plan)}, entries appeal.decided` },
    kept: fromRetractions(
      decided === null ? null : decided.keep + decided.keptAtRestore,
      `decisions of ${newest?.retraction ?? ''} and outcomes of restore`,
    ),
    needsPerson: fromRetractions(decided?.person ?? null, `decisions of ${newest?.retraction ?? ''}`),
  };
}

async function countTrack(rollout: CountedRollout | null, track: Track): Promise<Words> {
  const words: Record<string, number> = {};
  if (rollout === null) return words;
  for (const range of await rollout.outcomes.ranges(track)) {
    for (const byte of range.outcome) {
      const word = outcomesOf(track).wordOf(byte);
      words[word] = (words[word] ?? 0) + 1;
    }
  }
  return words;
}

/** The track `correct` carries two kinds of letters; only the final one says that we were wrong. */
async function countFinalLetters(store: Store, { rolloutNo, outcomes }: CountedRetraction): Promise<Words> {
  const words: Record<string, number> = {};
  for (const range of await outcomes.ranges('correct')) {
    for (let from = range.fromOrdinal; from < range.fromOrdinal + range.size; from += page) {
      const size = Math.min(page, range.fromOrdinal + range.size - from);
      const members = await store.transact((tx) => tx.rollouts.mailMembers(rolloutNo, 'correct', from, size));
      for (const member of members) {
        if (member.templateKind !== 'final') continue;
        const word = outcomesOf('correct').wordOf(range.outcome[member.ordinal - range.fromOrdinal] ?? 0);
        words[word] = (words[word] ?? 0) + 1;
      }
    }
  }
  return words;
}

async function countDecisions(
  store: Store,
  { retraction, outcomes }: CountedRetraction,
): Promise<{ readonly keep: number; readonly person: number; readonly keptAtRestore: number }> {
  const frozen = await store.transact((tx) => tx.retractions.read(retraction));
  let keptAtRestore = 0;
  for (const range of await outcomes.ranges('restore')) {
    for (const byte of range.outcome) {
      const state = restoreStateOf(byte);
      if (state === 'changed-since' || state === 'held-by-evidence') keptAtRestore += 1;
    }
  }
  const decisions = frozen?.header.targets.decisions ?? {};
  return { keep: decisions['keep'] ?? 0, person: decisions['person'] ?? 0, keptAtRestore };
}

function sumOf(counted: readonly Words[], words: readonly string[]): number {
  return counted.reduce((sum, one) => sum + words.reduce((part, word) => part + (one[word] ?? 0), 0), 0);
}
