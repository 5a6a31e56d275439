import { expect, test } from 'vitest';
import { twitter2012 } from '../../examples/scenarios/twitter-2012.ts';
import { runReplay } from './run-replay.ts';

test('withdrawing the bad part of a mixed plan restores exactly the false ones; stolen and verified stay protected', async () => {
  expect(await runReplay(twitter2012)).toEqual({ restored: 60, kept: 56, wrong: 0 });
});
