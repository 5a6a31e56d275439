import { describe, expect, it } from 'vitest';
import {
  containOutcomeCodes,
  containStateOf,
  isFinalContain,
  mayMoveContain,
} from '../../src/domain/action/contain-outcome.ts';
import type { ContainState } from '../../src/domain/action/contain-outcome.ts';
import {
  isFinalRestore,
  mayMoveRestore,
  restoreOutcomeCodes,
  restoreStateOf,
} from '../../src/domain/action/restore-outcome.ts';
import type { RestoreState } from '../../src/domain/action/restore-outcome.ts';

const containStates = Object.keys(containOutcomeCodes) as ContainState[];
const restoreStates = Object.keys(restoreOutcomeCodes) as RestoreState[];

describe('the bytes of outcome vectors', () => {
  it('mean what they meant when they were written', () => {
    expect(containOutcomeCodes).toEqual({
      created: 0,
      claimed: 1,
      contained: 2,
      'already-quarantined': 3,
      'changed-since': 4,
      missing: 5,
      passwordless: 6,
      failed: 7,
      unknown: 8,
      released: 9,
      'evidence-withdrawn': 10,
      'already-suspended': 11,
    });
    expect(restoreOutcomeCodes).toEqual({
      created: 0,
      claimed: 1,
      restored: 2,
      'already-restored': 3,
      'changed-since': 4,
      'held-by-evidence': 5,
      missing: 6,
      failed: 7,
      unknown: 8,
      released: 9,
    });
  });

  it('are read back as what was written, and a byte that nobody wrote is refused', () => {
    for (const state of containStates) expect(containStateOf(containOutcomeCodes[state])).toBe(state);
    for (const state of restoreStates) expect(restoreStateOf(restoreOutcomeCodes[state])).toBe(state);
    expect(() => containStateOf(12)).toThrow('12');
    expect(() => restoreStateOf(255)).toThrow('255');
  });
});

describe('the moves of an account', () => {
  it('never lead from what may have happened back to what has not', () => {
    for (const to of ['created', 'claimed', 'released'] as const) {
      expect(mayMoveContain('unknown', to)).toBe(false);
      expect(mayMoveRestore('unknown', to)).toBe(false);
    }
  });

  it('never lead out of a final state, and into every state from the first', () => {
    for (const from of containStates) {
      expect(containStates.some((to) => mayMoveContain(from, to))).toBe(!isFinalContain(from));
      expect(from === 'created' || containStates.some((before) => mayMoveContain(before, from))).toBe(true);
    }
    for (const from of restoreStates) {
      expect(restoreStates.some((to) => mayMoveRestore(from, to))).toBe(!isFinalRestore(from));
      expect(from === 'created' || restoreStates.some((before) => mayMoveRestore(before, from))).toBe(true);
    }
  });

  it('end an account that is contained or restored', () => {
    expect(containStates.filter(isFinalContain)).toEqual([
      'contained',
      'already-quarantined',
      'changed-since',
      'missing',
      'passwordless',
      'evidence-withdrawn',
      'already-suspended',
    ]);
    expect(restoreStates.filter(isFinalRestore)).toEqual([
      'restored',
      'already-restored',
      'changed-since',
      'held-by-evidence',
      'missing',
    ]);
  });
});
