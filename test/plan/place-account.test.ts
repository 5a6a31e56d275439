import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { laneWords } from '../../src/domain/plan/lane-words.ts';
import { lanes, placeAccount } from '../../src/domain/plan/place-account.ts';
import type { PlacedAccount, PlacingEvidence } from '../../src/domain/plan/place-account.ts';

const before = new Date('2026-11-01T00:00:00Z');
const at = new Date('2026-11-02T00:00:00Z');
const after = new Date('2026-11-03T00:00:00Z');

function account(changes: Partial<PlacedAccount> = {}): PlacedAccount {
  return {
    address: 'holder@mail.test',
    addressConfirmed: true,
    addressChangedAt: null,
    passwordSetAt: before,
    hasPassword: true,
    protectedAs: null,
    ...changes,
  };
}

function evidence(name: PlacingEvidence['class'], changes: Partial<PlacingEvidence> = {}): PlacingEvidence {
  return { class: name, at, isOfPresentPassword: name === 'verified', ...changes };
}

describe('an account', () => {
  test('of whom only an address was seen is never a target, whatever else is true of it', () => {
    fc.assert(
      fc.property(
        fc.record({
          hasPassword: fc.boolean(),
          protectedAs: fc.constantFrom(null, 'staff'),
          addressChangedAt: fc.constantFrom(null, before, after),
          passwordSetAt: fc.constantFrom(null, before, after),
        }),
        fc.array(fc.constantFrom(before, at, after)),
        fc.boolean(),
        (changes, moments, known) => {
          const placed = placeAccount(
            known ? account(changes) : null,
            moments.map((moment) => evidence('weak', { at: moment })),
          );
          expect(placed).toEqual({ kind: 'excluded', reason: 'weak-evidence-only' });
        },
      ),
      { seed: 2014 },
    );
  });

  test('that the directory no longer has is left out', () => {
    expect(placeAccount(null, [evidence('verified')])).toEqual({ kind: 'excluded', reason: 'account-missing' });
  });

  test('whose present password is in a list is quarantined and told', () => {
    expect(placeAccount(account(), [evidence('verified'), evidence('weak')])).toEqual({
      kind: 'target',
      lane: 'main',
      effect: 'quarantine',
      tell: true,
      reason: 'a leaked password works on this account',
    });
  });

  test('keeps its password where the one in the list was changed since it was tried', () => {
    const stale = evidence('verified', { isOfPresentPassword: false });
    expect(placeAccount(account({ passwordSetAt: null }), [stale])).toMatchObject({
      lane: 'password-changed',
      effect: 'end-sessions',
      tell: false,
    });
    // What speaks of the password that is there now still stands.
    expect(placeAccount(account(), [stale, evidence('verified')])).toMatchObject({ lane: 'main' });
    expect(placeAccount(account(), [stale, evidence('observed')])).toMatchObject({ lane: 'main' });
  });

  test.each([
    ['passwordless', { hasPassword: false }, 'end-sessions'],
    ['protected', { protectedAs: 'staff' }, 'end-sessions'],
    ['address-changed', { addressChangedAt: after }, 'quarantine'],
    ['password-changed', { passwordSetAt: after }, 'end-sessions'],
    ['no-confirmed-address', { addressConfirmed: false }, 'quarantine'],
    ['no-confirmed-address', { address: null }, 'quarantine'],
  ] as const)('in the lane %s is protected and gets no normal notice', (lane, changes, effect) => {
    const placed = placeAccount(account(changes), [evidence('observed')]);
    expect(placed).toMatchObject({ kind: 'target', lane, effect, tell: false });
  });

  test('whose mailbox a list names is quarantined and told, and apart from those whom a mail lets back in', () => {
    expect(placeAccount(account(), [evidence('observed')], true, true)).toMatchObject({
      lane: 'mailbox-named',
      effect: 'quarantine',
      tell: true,
    });
    // What keeps a mail from its holder altogether weighs more.
    expect(placeAccount(account({ addressChangedAt: after }), [evidence('observed')], true, true)).toMatchObject({
      lane: 'address-changed',
      tell: false,
    });
  });

  test('that changed its address or password before the evidence is no takeover', () => {
    const placed = placeAccount(account({ addressChangedAt: before, passwordSetAt: before }), [evidence('observed')]);
    expect(placed).toMatchObject({ lane: 'main' });
    expect(placeAccount(account({ addressChangedAt: at, passwordSetAt: at }), [evidence('observed')])).toMatchObject({
      lane: 'main',
    });
  });

  test('is placed by its earliest evidence that counts, in whatever order it comes', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            class: fc.constantFrom('verified' as const, 'observed', 'reported', 'weak'),
            at: fc.constantFrom(before, at, after),
            isOfPresentPassword: fc.boolean(),
          }),
          { minLength: 1, maxLength: 6 },
        ),
        fc.record({
          hasPassword: fc.boolean(),
          addressChangedAt: fc.constantFrom(null, at),
          passwordSetAt: fc.constantFrom(null, at),
        }),
        (items, changes) => {
          const placed = placeAccount(account(changes), items);
          expect(placeAccount(account(changes), items.toReversed())).toEqual(placed);
          const strong = items.some((item) => item.class !== 'weak');
          expect(placed.kind).toBe(strong ? 'target' : 'excluded');
          if (placed.kind !== 'target') return;
          // Told: only who is quarantined in the main lane. And nobody without a password is quarantined.
          expect(placed.tell).toBe(placed.lane === 'main');
          if (!changes.hasPassword) expect(placed.effect).toBe('end-sessions');
        },
      ),
      { seed: 2014, numRuns: 1_000 },
    );
  });
});

test('every lane has an owner and a clock', () => {
  for (const lane of lanes) expect(laneWords[lane].owner.length * laneWords[lane].clock.length).toBeGreaterThan(0);
});
