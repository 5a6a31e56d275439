const endingSignals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * Runs `stop` (synchronous, quick) when this process exits, or is ended by a signal that nobody else listens for. Where
 * somebody does, that one decides when to end, and the exit runs `stop`. Returns a function that takes it back.
 */
export function stopWithProcess(stop: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    if (process.listenerCount(signal) > 1) return;
    forget();
    stop();
    // Our listener had replaced the default, which is to end.
    process.kill(process.pid, signal);
  };
  const forget = (): void => {
    process.removeListener('exit', stop);
    for (const signal of endingSignals) process.removeListener(signal, onSignal);
  };
  process.on('exit', stop);
  for (const signal of endingSignals) process.on(signal, onSignal);
  return forget;
}
