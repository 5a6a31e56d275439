import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { withTestPostgres } from '../support/postgres.ts';

const postgres = withTestPostgres();
const folder = path.resolve(import.meta.dirname, '../../sql');
const files = readdirSync(folder).filter((name) => name.endsWith('.sql'));
const rolesFile = files.find((name) => name.endsWith('-roles.sql')) ?? '';

test('who was there before roles keeps everything and keeps their token; nobody comes in without one afterwards', async () => {
  const client = new pg.Client(await postgres.freshDatabase());
  await client.connect();
  const apply = (name: string) => client.query(readFileSync(path.join(folder, name), 'utf8'));
  try {
    await client.query('CREATE SCHEMA allclear');
    await client.query('SET search_path TO allclear');
    for (const name of files.filter((one) => one < rolesFile).toSorted()) await apply(name);
    await client.query(
      `INSERT INTO operator (name, email, public_key, state, active_from) VALUES ('ann', 'a@x.example', 'k', 'active', now())`,
    );
    await client.query(
      `INSERT INTO operator_token (hash, operator_no, expires_at) VALUES ('h', 1, now() + interval '1 day')`,
    );
    await apply(rolesFile);
    const { rows } = await client.query(
      'SELECT role, scope, t.no, last_used_at FROM operator o JOIN operator_token t ON t.operator_no = o.no',
    );
    expect(rows).toEqual([{ role: 'operator', scope: 'full', no: '1', last_used_at: null }]);
    const without = `INSERT INTO operator (name, email, public_key, state) VALUES ('ben', 'b@x.example', 'k2', 'pending')`;
    await expect(client.query(without)).rejects.toMatchObject({ code: '23502', column: 'role' });
    await expect(client.query(`UPDATE operator SET role = 'root'`)).rejects.toMatchObject({ code: '23514' });
    const bare = `INSERT INTO operator_token (hash, operator_no, expires_at) VALUES ('h2', 1, now())`;
    await expect(client.query(bare)).rejects.toMatchObject({ code: '23502', column: 'scope' });
  } finally {
    await client.end();
  }
});
