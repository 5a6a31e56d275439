import { expect, test } from 'vitest';
import { wrongReversal } from '../../examples/scenarios/wrong-reversal.ts';
import { runReplay } from './run-replay.ts';

test('a mistaken reversal gives back no password that anything else says is known, also where that comes after the yes', async () => {
  expect(await runReplay(wrongReversal)).toEqual({
    restored: 40,
    keptAtDraft: 12,
    keptAtRestore: 12,
    restoredWhenDoubted: 0,
    wrong: 0,
  });
});
