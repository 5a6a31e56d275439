import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  deliveryByte,
  deliveryStateOf,
  deliveryStates,
  type DeliveryState,
} from '../../src/domain/notice/delivery-state.ts';
import {
  correctionWords,
  isClaimable,
  isInFlight,
  isUntold,
  mayHaveReached,
  mayMove,
} from '../../src/domain/notice/delivery-transitions.ts';

function reachable(from: DeliveryState): ReadonlySet<DeliveryState> {
  const seen = new Set<DeliveryState>();
  const open = [from];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (const next of deliveryStates) {
      if (mayMove(state, next) && !seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
    }
  }
  return seen;
}

/** States in which a permit may still lead to a dot. */
const unsent = ['created', 'claimed', 'released', 'deferred'] as const;

describe('delivery states', () => {
  test('each stored byte keeps its meaning', () => {
    expect(deliveryStates.map((state) => `${deliveryByte(state)} ${state}`)).toEqual([
      '0 created',
      '1 claimed',
      '2 sending',
      '3 accepted',
      '4 deferred',
      '5 refused',
      '6 bounced',
      '7 complained',
      '8 unknown',
      '9 released',
      '10 withheld',
      '11 suppressed',
      '12 rehearsed',
    ]);
    for (const state of deliveryStates) expect(deliveryStateOf(deliveryByte(state))).toBe(state);
  });

  test('a byte that no state has is refused, not guessed', () => {
    for (const byte of [13, 255, -1, 0.5]) expect(() => deliveryStateOf(byte)).toThrow();
  });
});

describe('delivery transitions', () => {
  test.each(['accepted', 'unknown', 'bounced', 'complained'] as const)(
    'what may have been read (%s) is never sent again',
    (state) => {
      for (const back of [...unsent, 'withheld', 'suppressed'] as const) expect(reachable(state)).not.toContain(back);
    },
  );

  test('after the dot intent a mail is not called unsent without word from the server', () => {
    expect(mayMove('sending', 'released')).toBe(false);
    expect(mayMove('sending', 'claimed')).toBe(false);
    expect(mayMove('sending', 'withheld')).toBe(false);
  });

  test('an unknown moves only to accepted or refused', () => {
    expect(deliveryStates.filter((to) => mayMove('unknown', to))).toEqual(['accepted', 'refused']);
  });

  test('a bounce or complaint is only about what was accepted', () => {
    for (const from of deliveryStates) {
      if (from === 'accepted') continue;
      expect(mayMove(from, 'bounced')).toBe(false);
      expect(mayMove(from, 'complained')).toBe(false);
    }
  });

  test('a rehearsal never becomes a real mail, nor a begun mail a rehearsal', () => {
    expect(deliveryStates.filter((to) => mayMove('rehearsed', to))).toEqual([]);
    expect(deliveryStates.filter((from) => mayMove(from, 'rehearsed'))).toEqual(['created']);
  });

  test('a permit takes only people who are proved unsent', () => {
    expect(deliveryStates.filter((state) => isClaimable(state))).toEqual(['created', 'deferred', 'released']);
  });

  test('at most one dot is written along any path', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...deliveryStates), { maxLength: 60 }), (wanted) => {
        let state: DeliveryState = 'created';
        let handedOver = 0;
        for (const to of wanted) {
          if (!mayMove(state, to)) continue;
          if ((to === 'accepted' && state !== 'unknown') || to === 'unknown') handedOver += 1;
          state = to;
        }
        expect(handedOver).toBeLessThanOrEqual(1);
      }),
      { seed: 2014, numRuns: 2_000 },
    );
  });

  test('every state is in exactly one of told, untold, in flight and rehearsed', () => {
    for (const state of deliveryStates) {
      const groups = [mayHaveReached(state), isUntold(state), isInFlight(state), state === 'rehearsed'];
      expect(groups.filter(Boolean)).toHaveLength(1);
    }
  });

  test('a correction goes to accepted, complained and unknown only, the unknown in conditional words', () => {
    expect(deliveryStates.filter((state) => mayHaveReached(state))).toEqual(['accepted', 'complained', 'unknown']);
    expect(correctionWords('unknown')).toBe('conditional');
    expect(correctionWords('accepted')).toBe('plain');
    expect(correctionWords('bounced')).toBe('none');
  });
});
