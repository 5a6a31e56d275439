/**
 * Starts the embedded Postgres on the folder named first, says on stdout what came of it as one line of JSON, and then
 * does as named second: `hold` (until it is killed), `exit` (without stopping) or `stop`.
 */
import { startEmbeddedPostgres } from '../../src/adapters/embedded/postgres.ts';
import { Failure } from '../../src/domain/shared/failure.ts';

const [dataDir = '', then] = process.argv.slice(2);

function say(what: object): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(`${JSON.stringify(what)}\n`, () => resolve());
  });
}

try {
  const postgres = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } });
  const { url, pid, adopted } = postgres;
  await say({ kind: 'started', url, pid, adopted });
  // The launcher itself must not keep a process alive.
  if (then === 'hold') process.stdin.resume();
  if (then === 'stop') await postgres.stop();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  await say({ kind: 'refused', code: error.code, message: error.message });
}
