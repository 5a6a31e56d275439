import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PermitRow, StoredTrack } from '../../src/app/ports/rollout-store.ts';
import { tallyTrack } from '../../src/app/rollout/tally-track.ts';
import { claimedByte } from '../../src/app/rollout/track-outcomes.ts';
import { containOutcomeCodes } from '../../src/domain/action/contain-outcome.ts';
import { restoreOutcomeCodes } from '../../src/domain/action/restore-outcome.ts';
import { deliveryByte, deliveryStates } from '../../src/domain/notice/delivery-state.ts';
import { conserveMembers } from '../../src/domain/rollout/conserve-members.ts';
import { sendsMail, tracks } from '../../src/domain/shared/track.ts';
import type { Track } from '../../src/domain/shared/track.ts';

function bytesOf(track: Track): readonly number[] {
  if (sendsMail(track)) return deliveryStates.map(deliveryByte);
  return Object.values(track === 'contain' ? containOutcomeCodes : restoreOutcomeCodes);
}

const anyTrack = fc.constantFrom(...tracks).chain((track) =>
  fc.record({
    track: fc.constant(track),
    ranges: fc.array(
      fc.record({
        outcome: fc.uint8Array({ minLength: 1, maxLength: 30 }).map((bytes) => {
          const words = bytesOf(track);
          return bytes.map((byte) => words[byte % words.length] ?? 0);
        }),
        state: fc.constantFrom<PermitRow['state']>('open', 'returned', 'settled'),
      }),
      { maxLength: 12 },
    ),
    untouched: fc.nat(50),
  }),
);

test('members of a track are the sum over their states, in whatever state its permits are', () => {
  fc.assert(
    fc.property(anyTrack, ({ track, ranges, untouched }) => {
      let from = 0;
      const permits = ranges.map(({ outcome, state }): PermitRow => {
        const permit = {
          rolloutNo: 1,
          track,
          fromOrdinal: from,
          size: outcome.length,
          wave: 0,
          attempt: 1,
          epoch: 1,
          outcome,
          state,
          holder: 'worker_1',
          host: 'here',
          settledAt: null,
          heldUntil: null,
        };
        from += outcome.length;
        return permit;
      });
      const members = from + untouched;
      const tally = tallyTrack(
        { track, members, acknowledged: [] as StoredTrack['acknowledged'] } as StoredTrack,
        permits,
      );
      expect(() => conserveMembers('a track', members, tally.counts)).not.toThrow();

      const ofState = (state: PermitRow['state']) => permits.filter((permit) => permit.state === state);
      expect(tally.settled).toBe(ofState('settled').reduce((sum, permit) => sum + permit.size, 0));
      expect(tally.openPermits).toBe(ofState('open').length);
      expect(tally.inFlight).toBe(
        ofState('open').reduce((sum, permit) => sum + permit.outcome.filter((byte) => byte === claimedByte).length, 0),
      );
      // The first unsettled ordinal, no matter what is settled after it.
      const firstUnsettled = permits.find((permit) => permit.state !== 'settled');
      expect(tally.settledBelow).toBe(firstUnsettled?.fromOrdinal ?? from);
    }),
    { seed: 2014, numRuns: 2_000 },
  );
});

test('a count that does not add up is refused', () => {
  expect(() => conserveMembers('a track', 3, { accepted: 2 })).toThrow(/do not add up/);
  expect(() => conserveMembers('a track', 3, { accepted: 2, unknown: 2 })).toThrow(/do not add up/);
});
