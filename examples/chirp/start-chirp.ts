import { createAdaptorServer } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { makeApp } from './app.ts';
import { makeAuth } from './auth.ts';
import { makeMailer } from './mailer.ts';
import { migrateChirp, readCookieSecret } from './migrate-chirp.ts';
import type { PasswordCheck } from './password-check.ts';

export interface ChirpOptions {
  readonly databaseUrl: string;
  readonly smtpUrl: string;
  /** 0 takes any free port. Loopback only. */
  readonly port: number;
  /** What readers type and what mails link to; default: the address that it listens on. */
  readonly publicUrl?: string;
  /** Without it Chirp asks nobody, and a password that was taken out of use can be chosen again. */
  readonly passwordCheck?: PasswordCheck;
  /** Allclear's page where a holder asks a person to look again; shown to whoever is suspended. */
  readonly appealUrl?: string;
  /** better-auth's limit (3 sign-ins in 10 s from one address); off where a test signs in hundreds of people. Default on. */
  readonly rateLimit?: boolean;
}

export interface RunningChirp {
  readonly url: string;
  stop(): Promise<void>;
}

const hostname = '127.0.0.1';
const poolSize = 10;

/** Starts Chirp on loopback; its tables are made where they are missing. Rejects when the port or the database is refused. */
export async function startChirp(options: ChirpOptions): Promise<RunningChirp> {
  const pool = new pg.Pool({ connectionString: options.databaseUrl, max: poolSize, application_name: 'chirp' });
  pool.on('error', () => {
    // An idle connection was lost; the pool opens another. Without a listener the process would end.
  });
  const inBackground = new Set<Promise<unknown>>();

  let answer = (_request: Request, _clientAddress: string): Response | Promise<Response> =>
    new Response('Chirp is starting.', { status: 503 });
  const server = createAdaptorServer({
    hostname,
    fetch: (request, env) =>
      answer(request, 'incoming' in env ? (env.incoming.socket.remoteAddress ?? hostname) : hostname),
  });

  let mailer: ReturnType<typeof makeMailer> | null = null;
  async function stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      if ('closeAllConnections' in server) server.closeAllConnections();
    });
    await Promise.allSettled(inBackground);
    mailer?.close();
    await pool.end();
  }

  try {
    await migrateChirp(pool);
    const secret = await readCookieSecret(pool);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, hostname, resolve);
    });
    const { port } = server.address() as AddressInfo;
    const url = `http://${hostname}:${port}`;
    const publicUrl = options.publicUrl ?? url;
    mailer = makeMailer(options.smtpUrl, 'Chirp <hello@chirp.example>');
    const trustedOrigins = [new URL(publicUrl).origin, url, `http://localhost:${port}`];
    const auth = makeAuth({
      pool,
      secret,
      publicUrl,
      trustedOrigins,
      mailer,
      passwordCheck: options.passwordCheck ?? null,
      rateLimit: options.rateLimit ?? true,
      inBackground(work) {
        inBackground.add(work);
        void work.catch(() => undefined).finally(() => inBackground.delete(work));
      },
    });
    answer = makeApp({ auth, pool, publicUrl, trustedOrigins, appealUrl: options.appealUrl ?? null });
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
