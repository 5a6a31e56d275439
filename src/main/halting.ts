import { setTimeout as delay } from 'node:timers/promises';
import { digests } from '../adapters/crypto/digests.ts';
import type { FileFence } from '../adapters/fence/file-fence.ts';
import { makeFilePendingHalts } from '../adapters/fence/file-pending-halts.ts';
import { makeDatabase, makePool } from '../adapters/postgres/database.ts';
import { makeHaltPublisher } from '../adapters/postgres/halt-relay.ts';
import { makeStore } from '../adapters/postgres/store.ts';
import type { Store } from '../app/ports/store.ts';
import type { PersonHaltDeps } from '../app/rollout/halt-rollout.ts';

/** One to halt, one to tell other hosts or to end whoever holds a lock: never shared with any other work. */
const haltPoolSize = 3;
/** A person who halts is told within this time what is so, also when the database hangs. */
const mostWaitMs = 4_000;
/** Who halts is asked of the database for this long only: nothing is fenced before it is known. */
const mostAskMs = 500;

export interface Halting {
  readonly deps: PersonHaltDeps;
  /** Of its own connections, so that a flood of other work never stands before a halt. */
  readonly store: Store;
  /** As `deps.inTime`, for finding out who it is. */
  readonly inAskTime: PersonHaltDeps['inTime'];
  close(): Promise<void>;
}

export function makeHalting(options: {
  readonly databaseUrl: string;
  readonly stateDir: string;
  readonly fence: FileFence;
  readonly applicationName: string;
  readonly warn: (message: string) => void;
  /** Counts what is done over these connections. */
  readonly measured?: (store: Store) => Store;
}): Halting {
  const { databaseUrl, stateDir, fence, applicationName, warn, measured = (plain) => plain } = options;
  const pool = makePool({
    url: databaseUrl,
    poolSize: haltPoolSize,
    applicationName,
    connectTimeoutMs: mostWaitMs,
    onIdleError: () => undefined,
  });
  const store = measured(makeStore(makeDatabase(pool), digests));
  return {
    store,
    deps: {
      store,
      fence,
      publishHalt: makeHaltPublisher(pool),
      warn,
      pending: makeFilePendingHalts(stateDir, fence.pending, warn),
      inTime: within(mostWaitMs),
    },
    inAskTime: within(mostAskMs),
    close: () => pool.end(),
  };
}

function within(ms: number): PersonHaltDeps['inTime'] {
  return (work) => Promise.race([work, delay(ms, null, { ref: false })]);
}
