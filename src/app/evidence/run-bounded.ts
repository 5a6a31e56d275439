/**
 * Runs `work` over the items in order, at most `width` at a time, and waits for those under way before it throws the
 * first error: nothing of it runs on behind a failed import.
 */
export async function runBounded<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  let failed = false;
  const lane = async () => {
    for (const item of queue) {
      if (failed) return;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.max(1, width) }, lane));
  const broken = lanes.find((one) => one.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
}
