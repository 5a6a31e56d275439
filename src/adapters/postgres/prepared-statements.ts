import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type pg from 'pg';

/** Far more than the statements of a worker. A text whose length follows its values would fill it: those are left alone. */
const namesMax = 500;
/** What is longer, or takes more values, was built for a number of rows. */
const textMax = 4_000;
const valuesMax = 40;
/** Not BEGIN and its like, which have nothing to plan. */
const oneStatement = /^\s*(?:select|with|insert|update|delete)\b[^;]*$/i;

/** SQLSTATE (PostgreSQL, Appendix A), as a plan is refused whose columns are no longer the table's. */
const featureNotSupported = '0A000';
/** A name that the server does not know: somebody stands between, or discarded it. */
const invalidStatementName = '26000';
/** A name that the server has from somebody else, as behind a pooler. */
const duplicateStatement = '42P05';
/** A migration costs one. After more than these something between us and Postgres keeps no names: nothing is prepared any more. */
const lossesMax = 8;

/**
 * A pool whose connections parse each statement once: half of what a short one costs Postgres, and a message less each
 * time. A migration under a running process makes a plan unfit, once: that transaction fails having done nothing, and
 * every connection made before is let go. Not for whatever must never fail, such as a halt.
 */
export function preparingPool(pool: pg.Pool): PostgresPool {
  const names = new Map<string, string>();
  const known = new WeakMap<pg.PoolClient, PreparingClient>();
  /** Connections of an earlier one hold plans of before a migration. */
  let generation = 0;

  function nameOf(text: string, values: number): string | null {
    const name = names.get(text);
    if (generation > lossesMax) return null;
    if (name !== undefined) return name;
    if (text.length > textMax || values > valuesMax || names.size >= namesMax || !oneStatement.test(text)) return null;
    const given = `allclear_${names.size}`;
    names.set(text, given);
    return given;
  }

  class PreparingClient {
    readonly #client: pg.PoolClient;
    readonly madeIn = generation;

    constructor(client: pg.PoolClient) {
      this.#client = client;
    }

    async query(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<never>> {
      const name = nameOf(text, values.length);
      if (name === null) return (await this.#client.query(text, [...values])) as PostgresQueryResult<never>;
      try {
        return (await this.#client.query({ name, text, values: [...values] })) as PostgresQueryResult<never>;
      } catch (error) {
        // Others of the same age fail in their own time, for the same reason.
        if (isPlanLost(error) && this.madeIn === generation) generation += 1;
        throw error;
      }
    }

    release(destroy?: boolean): void {
      this.#client.release(destroy === true || this.madeIn < generation);
    }
  }

  return {
    async connect() {
      for (;;) {
        const client = await pool.connect();
        const kept = known.get(client) ?? new PreparingClient(client);
        known.set(client, kept);
        // One let go for each connection of the pool at most, and none comes back.
        if (kept.madeIn === generation) return kept as unknown as PostgresPoolClient;
        client.release(true);
      }
    },
    end: () => pool.end(),
    options: pool.options,
  };
}

function isPlanLost(error: unknown): boolean {
  const { code, message = '' } = error as { readonly code?: string; readonly message?: string };
  return (
    code === invalidStatementName ||
    code === duplicateStatement ||
    (code === featureNotSupported && message.includes('cached plan'))
  );
}
