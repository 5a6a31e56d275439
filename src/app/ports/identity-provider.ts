import type { Identity } from './session-store.ts';

export interface BegunOidc {
  /** Where the browser goes. */
  readonly url: string;
  /** What has to come back from this very browser: sealed against change, of use for some minutes. */
  readonly begun: string;
}

export interface ProvedIdentity extends Identity {
  /** Only where the provider says that it verified it. */
  readonly email: string | null;
  /** Of this one answer: it opens one session. */
  readonly answer: string;
}

/** Another system that says who somebody is (OpenID Connect Core 1.0, authorization code flow with PKCE). */
export interface IdentityProvider {
  begin(): Promise<BegunOidc>;
  /** Null for an answer that does not verify, was not asked for by this browser, or came too late. */
  finish(callbackUrl: string, begun: string): Promise<ProvedIdentity | null>;
}
