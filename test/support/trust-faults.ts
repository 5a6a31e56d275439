import type { SinkRule } from './smtp-sink.ts';

/** Whose certificate the server shows. */
export type Certificate = 'good' | 'expired' | 'misnamed' | 'unvouched';

/** What is wrong with the server as long as nobody mends it. */
export interface TrustFault {
  /** Null: TLS is not offered. */
  readonly certificate?: Certificate | null;
  readonly rule?: SinkRule;
  /** What it offers in place of AUTH PLAIN and LOGIN; null for no login at all. */
  readonly login?: string | null;
}

/** Faults of TLS and of the login that begin in the middle of a run, and stay until a person mends them. */
export const trustFaults: Readonly<Record<string, TrustFault>> = {
  'TLS stripped': { certificate: null },
  'TLS refused': { rule: { at: 'starttls', say: '454 4.7.0 TLS not available\r\n' } },
  'reply injected before TLS': { rule: { at: 'starttls', say: '220 2.0.0 Ready\r\n250 taken\r\n' } },
  'certificate expired': { certificate: 'expired' },
  'certificate of another host': { certificate: 'misnamed' },
  'certificate nobody vouches for': { certificate: 'unvouched' },
  'handshake cut': { rule: { at: 'starttls', say: '220 2.0.0 Ready\r\n', then: 'fin' } },
  'handshake reset': { rule: { at: 'starttls', say: '220 2.0.0 Ready\r\n', then: 'rst' } },
  'login refused': { rule: { at: 'auth', say: '535 5.7.8 Not you\r\n' } },
  'login put off': { rule: { at: 'auth', say: '454 4.7.0 later\r\n' } },
  'login answered with garbage': { rule: { at: 'auth', say: '334 !!! no base64 !!!\r\n' } },
  'login cut': { rule: { at: 'auth', say: '', then: 'fin' } },
  'sender refused': { rule: { at: 'mail', say: '550 5.7.1 Sender address rejected\r\n' } },
  'login vanished': { login: null },
  'login by an unknown way': { login: 'AUTH CRAM-MD5' },
};
