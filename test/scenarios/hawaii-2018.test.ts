import { expect, test } from 'vitest';
import { hawaii2018 } from '../../examples/scenarios/hawaii-2018.ts';
import { runReplay } from './run-replay.ts';

test('one person says "we are checking" to everyone told, without a new approval; the final word waits for a second yes', async () => {
  expect(await runReplay(hawaii2018)).toMatchObject({
    told: 190,
    holding: 190,
    newYeses: 0,
    finalsBeforeSecondYes: 0,
    wrong: 0,
  });
});
