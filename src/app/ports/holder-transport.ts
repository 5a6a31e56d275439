declare const holderAddress: unique symbol;
declare const rehearsalAddress: unique symbol;

/** A real account holder's address of record. Made from a frozen plan target, and for one mail that its holder asked for (`HolderMailer`). */
export type HolderAddress = string & { readonly [holderAddress]: true };
/** An operator's own address. A rehearsal can reach nobody else: the two types have different transports. */
export type RehearsalAddress = string & { readonly [rehearsalAddress]: true };

/** One finished message: headers and body with CRLF line ends, not yet dot-stuffed, without the final dot. */
export interface OutgoingMessage<Address> {
  /** RFC 5321 reverse-path. */
  readonly envelopeFrom: string;
  /** Exactly one recipient per envelope (I5). */
  readonly envelopeTo: Address;
  readonly content: Uint8Array;
}

/**
 * Asked at most once per message, synchronously, after the last wait and immediately before the final dot. True: the
 * dot intent is recorded and the dot goes out in the same tick. False, or an error thrown: nothing of this message can have been delivered; the outcome is `released`.
 */
export type MayWriteDot = () => boolean;

/**
 * Waited for once all but the final dot is with the server, before it is asked whether the dot may be written: a mail that
 * waits for its rate is then ready to leave in the moment in which it may. Bounded by whoever gives it.
 */
export type BeforeDot = () => Promise<void>;

export type SendPhase = 'connecting' | 'greeted' | 'envelope' | 'data' | 'dot-written' | 'replied';

/**
 * Why a message was proved unsent. `not-permitted`: `MayWriteDot` said no. `unreachable`: no connection, or it was
 * lost. `untrusted`: TLS missing or its certificate refused. `login`: the server wants other credentials.
 * `turned-away`: the server refuses us, not this person. `protocol`: it answered what nobody asked. `silent`: a time
 * limit ran out. `closing`, `busy`: our own transport took no more. `untrusted`, `login` and `turned-away` hold for
 * every message until a person acts; the others may be tried again.
 */
export type ReleaseCause =
  | 'not-permitted'
  | 'unreachable'
  | 'untrusted'
  | 'login'
  | 'turned-away'
  | 'protocol'
  | 'silent'
  | 'closing'
  | 'busy';

export type SendOutcome =
  /**
   * `reply` is the server's text, printable ASCII, at most 512 characters, the recipient's address struck out.
   * `enhanced` is its RFC 3463 status (`5.1.1`), where it gave one.
   */
  | { readonly kind: 'accepted'; readonly code: number; readonly reply: string; readonly enhanced?: string }
  | {
      readonly kind: 'refused' | 'deferred';
      readonly phase: SendPhase;
      readonly code: number;
      readonly reply: string;
      readonly enhanced?: string;
    }
  /** The dot was written and no reply was heard: never resent blindly. */
  | { readonly kind: 'unknown'; readonly phase: 'dot-written'; readonly why: string }
  /** Proved unsent: the dot was not written. */
  | { readonly kind: 'released'; readonly phase: SendPhase; readonly why: string; readonly cause?: ReleaseCause };

export interface HolderTransport {
  readonly environment: string;
  send(message: OutgoingMessage<HolderAddress>, mayWriteDot: MayWriteDot, beforeDot?: BeforeDot): Promise<SendOutcome>;
  close(): Promise<void>;
}

export interface RehearsalTransport {
  send(message: OutgoingMessage<RehearsalAddress>): Promise<SendOutcome>;
  close(): Promise<void>;
}
