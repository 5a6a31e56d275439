import { expect, it } from 'vitest';
import { steadily } from '../../src/http/public/steady-answer.ts';

/** A clock on which only work and pauses take time. */
function made() {
  let nowMs = 1_000;
  return {
    monotonicMs: () => nowMs,
    pause: async (ms: number) => void (nowMs += ms),
    work: (ms: number, outcome: () => string) => async () => {
      nowMs += ms;
      return outcome();
    },
    spentMs: () => nowMs - 1_000,
  };
}

it('the time to answer does not tell how long the work was: found, not found, failed and slow', async () => {
  for (const [workMs, spentMs] of [
    [0, 400],
    [3, 400],
    [399, 400],
    [401, 800],
  ] as const) {
    const time = made();
    expect(
      await steadily(
        time.work(workMs, () => 'found'),
        time,
      ),
    ).toBe('found');
    expect(time.spentMs()).toBe(spentMs);
    const failing = made();
    const fails = failing.work(workMs, () => {
      throw new Error('away');
    });
    await expect(steadily(fails, failing)).rejects.toThrow('away');
    expect(failing.spentMs()).toBe(spentMs);
  }
});
