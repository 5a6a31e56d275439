import type { RehearsalTransport } from '../../app/ports/holder-transport.ts';
import { sendMessage } from './send-message.ts';
import { refusedHere } from './smtp/outcomes.ts';
import { SessionPool } from './smtp/session-pool.ts';
import { poolSettings, type TransportOptions } from './transport-options.ts';

export interface RehearsalTransportOptions extends TransportOptions {
  /** Whether an operator owns this address, byte for byte: asked for every message, and nobody else can be reached. */
  readonly isOperatorAddress: (address: string) => boolean;
}

/** Sends rehearsals over the same engine, to operators only. */
export function makeRehearsalTransport(options: RehearsalTransportOptions): RehearsalTransport {
  const pool = new SessionPool(poolSettings(options));
  return {
    send: async (message) => {
      if (!options.isOperatorAddress(message.envelopeTo)) {
        return refusedHere('connecting', 550, '5.7.1', 'a rehearsal reaches operators only');
      }
      return sendMessage(pool, message, { mayWriteDot: () => true }, options.signMail);
    },
    close: () => pool.close(),
  };
}
