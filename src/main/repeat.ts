export interface Repeated {
  /** Ends after the round that is under way. */
  stop(): Promise<void>;
}

/** Runs `round` now and after each pause, never twice at once, until it is stopped. A round that fails has to tell it itself. */
export function repeat(pauseMs: number, round: () => Promise<void>): Repeated {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  function run(): void {
    running = round().finally(() => {
      if (!stopped) timer = setTimeout(run, pauseMs);
    });
  }
  run();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
