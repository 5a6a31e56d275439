import { useSyncExternalStore } from 'react';

/** "5 minutes ago" is right to the minute; half of that is soon enough. */
const tickMs = 30_000;

let nowMs = Date.now();
const readers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function follow(onTick: () => void): () => void {
  readers.add(onTick);
  timer ??= setInterval(() => {
    nowMs = Date.now();
    for (const reader of readers) reader();
  }, tickMs);
  return () => {
    readers.delete(onTick);
    if (readers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The browser's clock, for how far away a moment is; nothing is decided by it. One timer for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(follow, () => nowMs);
}
