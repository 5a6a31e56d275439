import { defineConfig } from 'vitest/config';
import { TallyReporter } from './test/support/tally-reporter.ts';

/** Two cores are what a small machine has, and each worker may hold a Postgres and a hash that wants 19 MiB. */
const maxWorkers = 2;

/** A unit test that takes longer hangs. The first test of a file may start a Postgres and hash passwords. */
const unitTimeoutMs = 60_000;

/** A scenario is a whole campaign with several processes, killed and started again. */
const scenarioTimeoutMs = 300_000;

const scenarios = 'test/scenarios/**/*.test.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers,
    reporters: ['default', new TallyReporter()],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [scenarios],
          testTimeout: unitTimeoutMs,
          hookTimeout: unitTimeoutMs,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'scenarios',
          include: [scenarios],
          testTimeout: scenarioTimeoutMs,
          hookTimeout: scenarioTimeoutMs,
          // After the others: a broken rule should be read as that rule, not as the accident that it leads to.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
