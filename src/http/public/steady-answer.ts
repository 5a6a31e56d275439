import { setTimeout as pause } from 'node:timers/promises';

/** Every look-up and every press is done well within one step, found or not. */
const stepMs = 400;

export interface SteadyTime {
  readonly monotonicMs: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
}

const realTime: SteadyTime = { monotonicMs: () => performance.now(), pause };

/**
 * Does `work` and gives its result at a whole multiple of 400 ms after the start, so that the time to answer does not
 * tell whether something was found (I18): slow work is rounded up as well, and not only quick work held back.
 */
export async function steadily<T>(work: () => Promise<T>, time: SteadyTime = realTime): Promise<T> {
  const startMs = time.monotonicMs();
  try {
    return await work();
  } finally {
    const spentMs = time.monotonicMs() - startMs;
    await time.pause(Math.max(1, Math.ceil(spentMs / stepMs)) * stepMs - spentMs);
  }
}
