import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface DatabaseFacts {
  /** 18 for 18.4. */
  readonly majorVersion: number;
  /** A standby, or a session that may not write. */
  readonly isReadOnly: boolean;
  /** What one connection notified another one heard, both through this very URL. */
  readonly hearsNotices: boolean;
}

const connectTimeoutMs = 5_000;
const statementTimeoutMs = 5_000;
/** A notification is there in milliseconds; a pooler that swallows it swallows it for ever. */
const hearTimeoutMs = 2_000;

/**
 * Connects twice, and rejects where that fails. LISTEN is proved, not guessed from a name: a pooler that hands out server
 * connections per transaction takes it without a word and delivers nothing, and halts of other hosts would be missed.
 */
export async function inspectDatabase(url: string): Promise<DatabaseFacts> {
  const listener = makeClient(url);
  const speaker = makeClient(url);
  try {
    await Promise.all([listener.connect(), speaker.connect()]);
    const { rows } = await speaker.query<{ version: string; recovering: boolean; readonly: string }>(
      `SELECT current_setting('server_version_num') AS version, pg_is_in_recovery() AS recovering,
         current_setting('transaction_read_only') AS readonly`,
    );
    const [facts] = rows;
    return {
      majorVersion: Math.floor(Number(facts?.version ?? 0) / 10_000),
      isReadOnly: facts?.recovering === true || facts?.readonly === 'on',
      hearsNotices: await hears(listener, speaker),
    };
  } finally {
    await Promise.all([listener.end(), speaker.end()].map((ended) => ended.catch(() => undefined)));
  }
}

async function hears(listener: pg.Client, speaker: pg.Client): Promise<boolean> {
  const channel = `allclear_doctor_${randomBytes(6).toString('hex')}`;
  let timer: NodeJS.Timeout | undefined;
  const heard = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), hearTimeoutMs);
    listener.once('notification', () => resolve(true));
  });
  try {
    await listener.query(`LISTEN ${channel}`);
    await speaker.query('SELECT pg_notify($1, $2)', [channel, 'heard']);
    return await heard;
  } finally {
    clearTimeout(timer);
  }
}

function makeClient(url: string): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'allclear doctor',
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: statementTimeoutMs,
  });
  client.on('error', () => undefined);
  return client;
}
