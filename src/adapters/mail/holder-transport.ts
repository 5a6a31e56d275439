import type { HolderTransport } from '../../app/ports/holder-transport.ts';
import { sendMessage } from './send-message.ts';
import { SessionPool } from './smtp/session-pool.ts';
import { poolSettings, type TransportOptions } from './transport-options.ts';

export interface HolderTransportOptions extends TransportOptions {
  /** Name of the environment that this mail server belongs to; must equal the directory's (I22). */
  readonly environment: string;
}

/** Sends to account holders over SMTP. No connection is made before the first message. `Failure('usage')` for a bad URL. */
export function makeHolderTransport(options: HolderTransportOptions): HolderTransport {
  const pool = new SessionPool(poolSettings(options));
  return {
    environment: options.environment,
    send: (message, mayWriteDot, beforeDot) => sendMessage(pool, message, { mayWriteDot, beforeDot }, options.signMail),
    close: () => pool.close(),
  };
}
