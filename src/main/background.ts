export interface Background {
  /** False: too many wait already, and nothing was taken. */
  run(work: () => Promise<void>): boolean;
  /** Resolves when all that was taken is done. */
  drained(): Promise<void>;
}

/** Work that goes on after its request was answered: so many at once, and no more than so many that wait. It never rejects. */
export function makeBackground(limits: { readonly atOnce: number; readonly mostWaiting: number }): Background {
  const waiting: (() => Promise<void>)[] = [];
  let running = 0;
  let wake: (() => void)[] = [];

  function next(): void {
    const work = running < limits.atOnce ? waiting.shift() : undefined;
    if (work === undefined) {
      if (running === 0) for (const resolve of wake.splice(0)) resolve();
      return;
    }
    running += 1;
    void work()
      .catch(() => undefined)
      .finally(() => {
        running -= 1;
        next();
      });
    next();
  }

  return {
    run(work) {
      if (waiting.length >= limits.mostWaiting) return false;
      waiting.push(work);
      next();
      return true;
    },
    drained: () =>
      new Promise((resolve) => {
        wake = [...wake, resolve];
        next();
      }),
  };
}
