import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { withTestPostgres } from '../support/postgres.ts';

const postgres = withTestPostgres();
const folder = path.resolve(import.meta.dirname, '../../sql');
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .toSorted();
const drillFile = files.find((name) => name.endsWith('-drill.sql')) ?? '';

test('who was there before drills is not locked out at once, and who comes later passes one first', async () => {
  for (const wasThere of [true, false]) {
    const client = new pg.Client(await postgres.freshDatabase());
    await client.connect();
    const apply = (name: string) => client.query(readFileSync(path.join(folder, name), 'utf8'));
    const found = `INSERT INTO deployment (deployment_id, name, environment, ledger_public_key)
      VALUES ('dep_0123456789abcdef', 'shop', 'production', 'k')`;
    try {
      await client.query('CREATE SCHEMA allclear');
      await client.query('SET search_path TO allclear');
      for (const name of files.filter((one) => one < drillFile)) await apply(name);
      if (wasThere) await client.query(found);
      await apply(drillFile);
      if (!wasThere) await client.query(found);
      const { rows } = await client.query<{ since: Date | null }>(
        'SELECT drills_counted_from AS since FROM deployment',
      );
      expect(rows[0]?.since !== null).toBe(wasThere);
    } finally {
      await client.end();
    }
  }
});
