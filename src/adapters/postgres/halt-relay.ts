import pg from 'pg';
import { isTrack } from '../../domain/shared/track.ts';
import type { Track } from '../../domain/shared/track.ts';

/** One halt as other hosts hear it. */
export interface RelayedHalt {
  readonly rolloutNo: number;
  readonly track: Track;
  readonly throughEpoch: number;
}

export const haltChannel = 'allclear_halt';

/** The connection is asked for a sign of life this often; longer silence than this counts as down. */
const heartbeatMs = 1_000;
const reconnectMs = 250;

export interface HaltRelay {
  /** What was heard so far may be stale: connects anew and reads again. */
  doubt(): void;
  stop(): Promise<void>;
}

/**
 * LISTENs for halts on a connection of its own and reconnects for ever. `onAlive(false)` at the first doubt: a sender
 * that might miss a halt fences itself. After each reconnect `onAlive(true)` follows only once LISTEN is confirmed and
 * `reread` has caught up with what was missed.
 */
export function startHaltRelay(options: {
  readonly url: string;
  readonly onHalt: (halt: RelayedHalt) => void;
  readonly onAlive: (alive: boolean) => void;
  readonly reread: () => Promise<void>;
}): HaltRelay {
  let stopped = false;
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    if (stopped) return;
    const fresh = new pg.Client({ connectionString: options.url, application_name: 'allclear halt relay' });
    client = fresh;
    fresh.on('error', () => lost(fresh));
    fresh.on('end', () => lost(fresh));
    fresh.on('notification', (message) => {
      const halt = parseHalt(message.payload ?? '');
      if (halt !== null) options.onHalt(halt);
    });
    try {
      await fresh.connect();
      await fresh.query(`LISTEN ${haltChannel}`);
      await options.reread();
      options.onAlive(true);
      timer = setTimeout(() => void beat(fresh), heartbeatMs);
    } catch {
      lost(fresh);
    }
  }

  async function beat(current: pg.Client): Promise<void> {
    const late = setTimeout(() => options.onAlive(false), heartbeatMs);
    try {
      await current.query('SELECT 1');
      if (client === current && !stopped) {
        options.onAlive(true);
        timer = setTimeout(() => void beat(current), heartbeatMs);
      }
    } catch {
      lost(current);
    } finally {
      clearTimeout(late);
    }
  }

  function lost(current: pg.Client): void {
    if (client !== current) return;
    client = null;
    options.onAlive(false);
    clearTimeout(timer);
    current.removeAllListeners('notification');
    void current.end().catch(() => undefined);
    if (!stopped) timer = setTimeout(() => void connect(), reconnectMs);
  }

  void connect();
  return {
    doubt() {
      if (client === null) return;
      lost(client);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      const current = client;
      client = null;
      await current?.end().catch(() => undefined);
    },
  };
}

export function haltPayload(halt: RelayedHalt): string {
  return `${halt.rolloutNo} ${halt.track} ${halt.throughEpoch}`;
}

function parseHalt(payload: string): RelayedHalt | null {
  const [rolloutNo, track, throughEpoch] = payload.split(' ');
  if (track === undefined || !isTrack(track)) return null;
  return { rolloutNo: Number(rolloutNo), track, throughEpoch: Number(throughEpoch) };
}

/** Tells every listener of a halt; takes no lock and waits for no transaction. */
export function makeHaltPublisher(
  pool: pg.Pool,
): (rolloutNo: number, track: Track, throughEpoch: number) => Promise<void> {
  return async (rolloutNo, track, throughEpoch) => {
    await pool.query('SELECT pg_notify($1, $2)', [haltChannel, haltPayload({ rolloutNo, track, throughEpoch })]);
  };
}
