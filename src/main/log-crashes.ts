import type { Logger } from 'pino';

/**
 * Ends the process on a fault that nobody caught, with one line in the log. Without it Node prints the error as it is, and
 * an error of a driver carries the row, and the URL with its password, that it was about.
 */
export function logCrashes(log: Logger): void {
  process.on('uncaughtException', (error: unknown) => {
    log.fatal({ err: error }, error instanceof Error ? error.message : 'ended by a fault');
    process.exit(1);
  });
}
