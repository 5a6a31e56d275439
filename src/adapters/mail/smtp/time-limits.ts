/**
 * How long each phase may take in all, in milliseconds, however slowly the server drips. Before the dot waiting buys
 * nothing (a message given up there is proved unsent), so those are far shorter than RFC 5321 4.5.3.2 allows; after the
 * dot giving up early turns a delivered mail into an unknown one, so there we wait its full ten minutes.
 */
export interface TimeLimits {
  /** Name look-up, TCP and TLS handshake, each. */
  readonly connectMs: number;
  readonly greetingMs: number;
  /** Each reply to a command. */
  readonly commandMs: number;
  /** Handing 64 KiB of the message to the kernel. */
  readonly dataBlockMs: number;
  readonly afterDotMs: number;
  /** Politeness at the end: QUIT and its answer. */
  readonly quitMs: number;
  /** How long an idle connection is kept. Below the 300 s after which servers say 421, and gone soon after a wave. */
  readonly idleMs: number;
  /** A connection this old is closed after its message: the certificate and the address behind the name are looked at anew. */
  readonly ageMs: number;
}

export const defaultTimeLimits: TimeLimits = {
  connectMs: 30_000,
  greetingMs: 30_000,
  commandMs: 30_000,
  dataBlockMs: 60_000,
  afterDotMs: 600_000,
  quitMs: 1_000,
  idleMs: 5_000,
  ageMs: 300_000,
};
