import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { PlanId } from '../../src/domain/shared/ids.ts';
import type { Victim } from './processes.ts';
import type { World } from './world.ts';

/** Callers whose every request is an entry of the installation's chain: one of them is always between its lock and its commit. */
const callers = 8;
const tries = 400;
/** What was still running in the database ends; a session of the stopped process then waits for it, inside its transaction. */
const settleMs = 40;

/** Stops a server with SIGSTOP at a moment at which one of its sessions holds the lock of the installation's chain. */
export async function stopInTransaction(
  world: World,
  server: Victim,
  env: Readonly<Record<string, string>>,
  plan: PlanId,
): Promise<void> {
  const client = new pg.Client({ connectionString: world.env['DATABASE_URL'] });
  await client.connect();
  const calls = new AbortController();
  for (let caller = 0; caller < callers; caller += 1) void keepWriting(env, plan, calls.signal);
  try {
    for (let left = tries; left > 0; left -= 1) {
      process.kill(server.pid, 'SIGSTOP');
      await delay(settleMs);
      const { rowCount } = await client.query(
        `SELECT FROM allclear.ledger_head WHERE chain = 'installation' FOR UPDATE SKIP LOCKED`,
      );
      if (rowCount === 0) return;
      process.kill(server.pid, 'SIGCONT');
      await delay(left % settleMs);
    }
    throw new Error('the server was never inside a transaction when it was stopped');
  } finally {
    calls.abort();
    await client.end();
  }
}

async function keepWriting(env: Readonly<Record<string, string>>, plan: PlanId, signal: AbortSignal): Promise<void> {
  const headers = { authorization: `Bearer ${env['ALLCLEAR_TOKEN']}` };
  while (!signal.aborted) {
    const answer = await fetch(`${env['ALLCLEAR_URL']}/api/v1/plans/${plan}/exports`, {
      method: 'POST',
      headers,
      signal,
    }).catch(() => null);
    await answer?.text().catch(() => '');
  }
}
