import type { Directory } from '../../app/ports/directory.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { Metrics } from './metrics.ts';

/** The same directory; each call is timed, and how it ended is counted. */
export function measureDirectory(directory: Directory, metrics: Metrics): Directory {
  const calls = metrics.timing(
    'allclear_directory_call_seconds',
    'Calls of the directory of accounts, by what was asked and how it ended.',
    ['call', 'result'],
  );

  async function timed<T>(call: string, work: () => Promise<T>): Promise<T> {
    const startedMs = performance.now();
    let result = 'failed';
    try {
      const answer = await work();
      result = 'answered';
      return answer;
    } catch (error) {
      if (error instanceof Failure && error.code === 'directory-unavailable') result = 'unavailable';
      throw error;
    } finally {
      calls.observe((performance.now() - startedMs) / 1_000, { call, result });
    }
  }

  return {
    name: directory.name,
    environment: directory.environment,
    capabilities: directory.capabilities,
    // A stream lasts as long as its reader takes.
    listAddresses: () => directory.listAddresses(),
    countAccounts: () => timed('countAccounts', () => directory.countAccounts()),
    readAccounts: (ids) => timed('readAccounts', () => directory.readAccounts(ids)),
    findByAddresses: (addresses) => timed('findByAddresses', () => directory.findByAddresses(addresses)),
    readCredentials: (ids) => timed('readCredentials', () => directory.readCredentials(ids)),
    readLastSignIns: (ids) => timed('readLastSignIns', () => directory.readLastSignIns(ids)),
    quarantine: (requests) => timed('quarantine', () => directory.quarantine(requests)),
    restore: (requests) => timed('restore', () => directory.restore(requests)),
    readSuspensions: (ids) => timed('readSuspensions', () => directory.readSuspensions(ids)),
    suspend: (requests) => timed('suspend', () => directory.suspend(requests)),
    reinstate: (requests) => timed('reinstate', () => directory.reinstate(requests)),
    endSessions: (ids) => timed('endSessions', () => directory.endSessions(ids)),
  };
}
