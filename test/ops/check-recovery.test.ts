import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Config } from '../../src/config/config.ts';
import { checkRecovery } from '../../src/main/doctor/check-recovery.ts';
import { openPool } from '../directory-sql/shop.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { openSmtpSink } from '../support/smtp-sink.ts';
import type { SmtpSink } from '../support/smtp-sink.ts';

const postgres = withTestPostgres();
let sink: SmtpSink;
let chirp: string;

beforeAll(async () => {
  sink = await openSmtpSink();
  chirp = await postgres.freshDatabase();
  const pool = openPool(chirp);
  await pool.query(
    'CREATE TABLE "user" (id text); CREATE TABLE account ("userId" text, "providerId" text, password text, "updatedAt" timestamptz)',
  );
  await pool.end();
});
afterAll(() => sink.close());

function configWith(settings: Readonly<Record<string, string>>): Config {
  const env = {
    ALLCLEAR_RECOVERY: 'hosted',
    ALLCLEAR_DIRECTORY_URL: chirp,
    SMTP_URL: `smtp://127.0.0.1:${sink.port}`,
    ...settings,
  };
  return loadConfig({ env, flags: {}, cwd: '/' }).config;
}

test('a recovery that works is told from one whose codes or passwords cannot be written', async () => {
  expect(await checkRecovery(configWith({}))).toMatchObject({ verdict: 'ok' });
  const away = await checkRecovery(configWith({ ALLCLEAR_RECOVERY_SMTP_URL: 'smtp://127.0.0.1:1' }));
  expect(away).toMatchObject({ verdict: 'fail', seen: expect.stringContaining('no code can be sent') });
  const pool = openPool(chirp);
  await pool.query('CREATE ROLE reads_only LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reads_only');
  const url = new URL(chirp);
  url.username = 'reads_only';
  await expect(checkRecovery(configWith({ ALLCLEAR_RECOVERY_DIRECTORY_URL: url.href }))).rejects.toThrow(
    'GRANT UPDATE',
  );
  await pool.end();
});
