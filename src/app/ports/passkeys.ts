import type { Assertion } from '../../domain/approval/passkey.ts';
import type { NewPasskey, Passkey } from './passkey-store.ts';

/** JSON of W3C Web Authentication Level 3, section 5.1: what a browser is handed, and what it hands back. */
export type BrowserOptions = Readonly<Record<string, unknown>>;
export type BrowserAnswer = Readonly<Record<string, unknown>>;

/** What a challenge was made for; one made for another purpose, or for another person, is no answer. */
export type ChallengePurpose = 'sign-in' | `enrol ${string}`;

/**
 * The ceremonies of WebAuthn, for one console address. User verification is always required: possession of a device is
 * not a person. Null everywhere for what does not verify, whatever is wrong with it.
 */
export interface Passkeys {
  /** Where the console is reached, as browsers write an origin; null where no passkey can work there. */
  readonly origin: string | null;
  /** Self-contained: it is kept nowhere until it was answered, so that strangers write nothing. */
  makeChallenge(purpose: ChallengePurpose, expiresAt: Date): string;
  /** The browser's challenge is the SHA-256 of this one. */
  signInOptions(challengeId: string): BrowserOptions;
  /** `known`: an authenticator that holds one of them refuses. */
  enrolOptions(
    challenge: string,
    person: { readonly handle: string; readonly name: string; readonly displayName: string },
    known: readonly Pick<Passkey, 'credentialId' | 'transports'>[],
  ): BrowserOptions;
  /** To be answered by one of these alone, over this very text. */
  textOptions(text: string, allowed: readonly Pick<Passkey, 'credentialId' | 'transports'>[]): BrowserOptions;

  readAssertion(answer: BrowserAnswer): Assertion | null;
  verifyRegistration(
    answer: BrowserAnswer,
    purpose: ChallengePurpose,
    now: Date,
  ): Promise<Omit<NewPasskey, 'operatorId' | 'name'> | null>;
  /** Answers the challenge of a sign-in. */
  verifySignIn(answer: BrowserAnswer, challengeId: string, passkey: Passkey, now: Date): SeenPasskey | null;
  /** Answers a text: its challenge is the SHA-256 of it. */
  verifyText(answer: BrowserAnswer, text: string, passkey: Passkey): SeenPasskey | null;
}

export interface SeenPasskey {
  readonly signCount: number;
  readonly isBackedUp: boolean;
}
