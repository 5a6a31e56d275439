import { Kysely, PostgresDialect } from 'kysely';
import type { PostgresPool, Transaction } from 'kysely';
import pg from 'pg';
import type { AppealTables } from './tables/appeal.ts';
import type { ApprovalTables } from './tables/approval.ts';
import type { BulletinTables } from './tables/bulletin.ts';
import type { ControlTables } from './tables/control.ts';
import type { DrillTables } from './tables/drill.ts';
import type { LossTables } from './tables/loss.ts';
import type { EvidenceTables } from './tables/evidence.ts';
import type { FeedbackTables } from './tables/feedback.ts';
import type { InstallationTables } from './tables/installation.ts';
import type { MailQueueTables } from './tables/mail-queue.ts';
import type { MailRateTables } from './tables/mail-rate.ts';
import type { PasskeyTables } from './tables/passkey.ts';
import type { PauseTables } from './tables/pause.ts';
import type { PlanTables } from './tables/plan.ts';
import type { RecoveryTables } from './tables/recovery.ts';
import type { RequestKeyTables } from './tables/request-key.ts';
import type { RestorePointTables } from './tables/restore-point.ts';
import type { RetractionTables } from './tables/retraction.ts';
import type { ReviewTables } from './tables/review.ts';
import type { RolloutTables } from './tables/rollout.ts';
import type { SuspensionTables } from './tables/suspension.ts';
import type { StandingTables } from './tables/standing.ts';

export type Database = InstallationTables &
  ApprovalTables &
  EvidenceTables &
  MailRateTables &
  PasskeyTables &
  PauseTables &
  PlanTables &
  RequestKeyTables &
  RestorePointTables &
  ReviewTables &
  RolloutTables &
  FeedbackTables &
  MailQueueTables &
  RetractionTables &
  StandingTables &
  LossTables &
  ControlTables &
  DrillTables &
  BulletinTables &
  RecoveryTables &
  AppealTables &
  SuspensionTables;

/** Every store function works inside a transaction that its caller opened. */
export type DatabaseTx = Transaction<Database>;

const int8Oid = 20;
/** Our counters and ids stay far below 2^53, so int8 is read as a number; anything beyond is refused, not rounded. */
function readInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error('an int8 beyond 2^53 cannot be read as a number');
  return value;
}

const int8ArrayOid = 1016;
function readInt8Array(text: string): readonly number[] {
  const inner = text.slice(1, -1);
  return inner === '' ? [] : inner.split(',').map(readInt8);
}

/** Pool size: a worker holds one connection per permit being taken or settled, the server a handful of requests. */
const defaultPoolSize = 10;

/**
 * As long as the longest permit. Nobody of ours waits for anything but the database inside a transaction; what is
 * computed between two statements takes milliseconds a page, and this is beyond what a busy machine adds to it.
 */
const silentInTransactionDefaultMs = 10_000;

export interface DatabaseOptions {
  readonly url: string;
  readonly poolSize?: number;
  readonly applicationName: string;
  /** Until a connection has to be there; none waits for as long as the network does. */
  readonly connectTimeoutMs?: number;
  /**
   * Postgres ends a session that holds a transaction open and says nothing for this long. A process that lost its network
   * otherwise keeps its row locks until the kernel gives the connection up, two hours by default; one that was stopped
   * keeps them for ever. Not counted while a statement runs, or while a COPY waits for whoever reads it.
   */
  readonly silentInTransactionMs?: number | 'unbounded';
  /** Called for errors on idle connections (the server went away); without it the process would end. */
  readonly onIdleError: (error: Error) => void;
}

export function makePool(options: DatabaseOptions): pg.Pool {
  const silentMs = options.silentInTransactionMs ?? silentInTransactionDefaultMs;
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize ?? defaultPoolSize,
    application_name: options.applicationName,
    ...(options.connectTimeoutMs === undefined ? {} : { connectionTimeoutMillis: options.connectTimeoutMs }),
    options: '-c search_path=allclear',
    ...(silentMs === 'unbounded' ? {} : { idle_in_transaction_session_timeout: silentMs }),
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') => {
        if (oid === int8Oid && format !== 'binary') return readInt8;
        if (oid === int8ArrayOid && format !== 'binary') return readInt8Array;
        return pg.types.getTypeParser(oid, format as 'text') as (text: string) => unknown;
      },
    },
  });
  pool.on('error', options.onIdleError);
  // A halt ends the backend of a claim that hangs. Whoever holds that connection learns it from the next query; an
  // `error` event that nobody listens to would end the whole process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

export function makeDatabase(pool: PostgresPool): Kysely<Database> {
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}
