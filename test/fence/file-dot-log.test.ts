import { readdirSync, rmSync, truncateSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeFileDotLog } from '../../src/adapters/fence/file-dot-log.ts';
import type { DotMark } from '../../src/app/ports/dot-log.ts';
import { deliveryByte } from '../../src/domain/notice/delivery-state.ts';
import type { Permit } from '../../src/domain/rollout/permit.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

function aPermit(size = 3, attempt = 1): Permit {
  return {
    rolloutNo: 1,
    track: 'tell',
    fromOrdinal: 0,
    size,
    wave: 0,
    attempt,
    epoch: 1,
    outcome: new Uint8Array(size).fill(1),
  };
}

function twoOnOneHost() {
  const stateDir = makeTempFolder('dots');
  return { stateDir, holder: makeFileDotLog(stateDir), recoverer: makeFileDotLog(stateDir) };
}

function filesOf(stateDir: string): readonly string[] {
  return readdirSync(join(stateDir, 'dots')).filter((name) => name !== 'host-id');
}

describe('of a holder and somebody who takes its permit back', () => {
  /** What the two do, in any order; each index of `intend` may come again. */
  const steps = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('begin' as const) }),
      fc.record({ kind: fc.constant('intend' as const), index: fc.nat(4) }),
      fc.record({ kind: fc.constant('settle' as const), index: fc.nat(4) }),
      fc.record({ kind: fc.constant('take-back' as const) }),
      fc.record({ kind: fc.constant('discard' as const) }),
      fc.record({ kind: fc.constant('holder-again' as const) }),
    ),
    { maxLength: 20 },
  );

  test('never both hold that a mail may go: none is called untouched whose dot was or will be permitted', () => {
    let taken = 0;
    fc.assert(
      fc.property(steps, (all) => {
        const { stateDir, recoverer } = twoOnOneHost();
        let holder = makeFileDotLog(stateDir);
        const permit = aPermit(5);
        let dots: ReturnType<typeof holder.begin> | null = null;
        const permitted = new Set<number>();
        const settled = new Set<number>();
        const calledUntouched = new Set<number>();
        let isTaken = false;
        for (const step of all) {
          if (step.kind === 'begin' && dots === null) {
            try {
              dots = holder.begin(permit);
            } catch {
              dots = null;
            }
          }
          if (step.kind === 'intend' && dots?.intend(step.index) === true) permitted.add(step.index);
          if (step.kind === 'settle' && permitted.has(step.index)) {
            dots?.settle(step.index, deliveryByte('accepted'));
            settled.add(step.index);
          }
          // Only who took it back and settled it, or settled it as its holder, discards; here: the recoverer.
          if (step.kind === 'discard' && isTaken) recoverer.discard(permit);
          if (step.kind === 'holder-again') {
            holder = makeFileDotLog(stateDir);
            dots = null;
          }
          if (step.kind !== 'take-back') continue;
          const marks = recoverer.takeBack(permit, recoverer.host);
          if (marks === null) continue;
          isTaken = true;
          taken += 1;
          for (const [index, mark] of marks.entries()) if (mark === 'untouched') calledUntouched.add(index);
        }
        for (const index of permitted) expect(calledUntouched.has(index)).toBe(false);
        rmSync(stateDir, { recursive: true });
      }),
      { seed: 2014, numRuns: 1_500 },
    );
    expect(taken).toBeGreaterThan(300);
  });
});

describe('a dot file', () => {
  test('tells after a crash what was not begun, what may be out, and what the world answered', () => {
    const { holder, recoverer } = twoOnOneHost();
    const dots = holder.begin(aPermit(4));
    expect([dots.intend(1), dots.intend(2), dots.intend(3)]).toEqual([true, true, true]);
    dots.settle(2, deliveryByte('accepted'));
    dots.settle(3, deliveryByte('refused'));
    const marks: readonly DotMark[] | null = recoverer.takeBack(aPermit(4), recoverer.host);
    expect(marks).toEqual([
      'untouched',
      'dot-intended',
      { settledAs: deliveryByte('accepted') },
      { settledAs: deliveryByte('refused') },
    ]);
    expect(dots.intend(0)).toBe(false);
    dots.close();
    expect(dots.intend(0)).toBe(false);
  });

  test('holds every outcome byte as it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), (byte) => {
        const { holder, recoverer } = twoOnOneHost();
        const dots = holder.begin(aPermit(1));
        dots.intend(0);
        dots.settle(0, byte);
        expect(recoverer.takeBack(aPermit(1), recoverer.host)).toEqual([{ settledAs: byte }]);
      }),
      { seed: 2014, numRuns: 30 },
    );
  });

  test('of another host, or of this one before it was started anew, proves nothing', () => {
    const { holder, recoverer } = twoOnOneHost();
    holder.begin(aPermit());
    expect(recoverer.takeBack(aPermit(), 'host_other:boot')).toBeNull();
    expect(recoverer.takeBack(aPermit(), `${recoverer.host.split(':')[0]}:another-boot`)).toBeNull();
    expect(recoverer.takeBack(aPermit(), recoverer.host)).not.toBeNull();
  });

  test('has one name per state folder, the same for every process of this boot', () => {
    const { stateDir, holder, recoverer } = twoOnOneHost();
    expect(holder.host).toBe(recoverer.host);
    expect(makeFileDotLog(stateDir).host).toBe(holder.host);
    expect(twoOnOneHost().holder.host).not.toBe(holder.host);
  });

  test('that was taken back is never begun, not even after it was settled and discarded', () => {
    const { stateDir, holder, recoverer } = twoOnOneHost();
    expect(recoverer.takeBack(aPermit(), recoverer.host)).toEqual(['untouched', 'untouched', 'untouched']);
    expect(() => holder.begin(aPermit())).toThrow(/taken back/);
    recoverer.discard(aPermit());
    expect(() => holder.begin(aPermit())).toThrow(/taken back/);
    expect(() => makeFileDotLog(stateDir).begin(aPermit())).toThrow(/taken back/);
    // The next attempt is another permit.
    expect(holder.begin(aPermit(3, 2)).intend(0)).toBe(true);
  });

  test('is begun once: a second holder of one permit is none', () => {
    const { holder } = twoOnOneHost();
    holder.begin(aPermit());
    expect(() => holder.begin(aPermit())).toThrow(/there already/);
  });

  test('that was cut short calls nobody untouched of whom it says nothing', () => {
    const { stateDir, holder, recoverer } = twoOnOneHost();
    const dots = holder.begin(aPermit());
    dots.intend(2);
    truncateSync(join(stateDir, 'dots', filesOf(stateDir)[0] ?? ''), 2);
    expect(recoverer.takeBack(aPermit(), recoverer.host)).toEqual(['untouched', 'dot-intended', 'dot-intended']);
  });

  test('that went with its folder proves nothing, at once or after the folder was made anew', () => {
    const { stateDir, holder, recoverer } = twoOnOneHost();
    const { host } = holder;
    holder.begin(aPermit()).intend(0);
    rmSync(join(stateDir, 'dots'), { recursive: true });
    expect(recoverer.takeBack(aPermit(), host)).toBeNull();
    const anew = makeFileDotLog(stateDir);
    expect(anew.takeBack(aPermit(), host)).toBeNull();
  });

  test('goes when its permit is settled by its holder, and a day after it was taken back', () => {
    const { stateDir, holder, recoverer } = twoOnOneHost();
    holder.begin(aPermit(3, 1)).close();
    holder.discard(aPermit(3, 1));
    expect(filesOf(stateDir)).toEqual([]);
    recoverer.takeBack(aPermit(3, 2), recoverer.host);
    recoverer.discard(aPermit(3, 2));
    expect(filesOf(stateDir)).toHaveLength(1);
    makeFileDotLog(stateDir);
    expect(filesOf(stateDir)).toHaveLength(1);
    const longAgo = Date.now() / 1_000 - 25 * 3_600;
    utimesSync(join(stateDir, 'dots', filesOf(stateDir)[0] ?? ''), longAgo, longAgo);
    makeFileDotLog(stateDir);
    expect(filesOf(stateDir)).toEqual([]);
  });
});
