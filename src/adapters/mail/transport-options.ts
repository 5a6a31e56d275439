import { hostname } from 'node:os';

import { Failure } from '../../domain/shared/failure.ts';
import type { SignMail } from './dkim/sign-mail.ts';
import { helloName } from './smtp/open-session.ts';
import type { PoolSettings } from './smtp/session-pool.ts';
import { parseSmtpUrl } from './smtp/smtp-server.ts';
import { defaultTimeLimits, type TimeLimits } from './smtp/time-limits.ts';

export interface TransportOptions {
  /** See `parseSmtpUrl`. */
  readonly smtpUrl: string;
  /** What we call ourselves in EHLO. Default: this host's name. */
  readonly clientName?: string;
  /** Connections at once, 1 to 100. Default 4. */
  readonly connections?: number;
  /** Default 100. */
  readonly messagesPerConnection?: number;
  /** PEM of a private certificate authority, in place of those that Node trusts. */
  readonly certificateAuthority?: string;
  readonly limits?: Partial<TimeLimits>;
  /** Signs each finished message; without it mails leave as they were built. */
  readonly signMail?: SignMail;
}

const connectionsDefault = 4;
/** Most servers take 10 to 50 from one address (Postfix: smtpd_client_connection_count_limit = 50). */
const connectionsMax = 100;
const messagesPerConnectionDefault = 100;

/** `Failure('usage')` for what cannot work; the message never holds the URL. */
export function poolSettings(options: TransportOptions): PoolSettings {
  const connections = options.connections ?? connectionsDefault;
  if (!Number.isInteger(connections) || connections < 1 || connections > connectionsMax) {
    throw new Failure('usage', `Mail connections must be a whole number from 1 to ${connectionsMax}.`, { connections });
  }
  const messagesPerConnection = options.messagesPerConnection ?? messagesPerConnectionDefault;
  if (!Number.isInteger(messagesPerConnection) || messagesPerConnection < 1) {
    throw new Failure('usage', 'Messages per mail connection must be a whole number, 1 or more.');
  }
  const clientName = helloName(options.clientName ?? hostname()) ?? '[127.0.0.1]';
  return {
    server: parseSmtpUrl(options.smtpUrl),
    clientName,
    certificateAuthority: options.certificateAuthority,
    limits: { ...defaultTimeLimits, ...options.limits },
    connections,
    messagesPerConnection,
  };
}
