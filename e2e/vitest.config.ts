import { defineConfig } from 'vitest/config';

/** A campaign through the browser: soaks of seconds, and a machine that does other things as well. */
const campaignTimeoutMs = 240_000;

export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    pool: 'forks',
    // Each line when it is known: a campaign takes minutes.
    reporters: ['verbose'],
    // Each file has a whole sample of its own, with Postgres and 12,000 accounts.
    maxWorkers: 1,
    testTimeout: campaignTimeoutMs,
    hookTimeout: campaignTimeoutMs,
  },
});
