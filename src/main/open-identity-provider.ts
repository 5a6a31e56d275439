import { makeOidcProvider } from '../adapters/oidc/oidc-provider.ts';
import { relyingPartyOf } from '../adapters/passkey/relying-party.ts';
import type { IdentityProvider } from '../app/ports/identity-provider.ts';
import { Failure } from '../domain/shared/failure.ts';
import type { Installation } from './installation.ts';

/** Null where none is configured. `Failure('usage')` where it is half configured. */
export function openIdentityProvider({
  config,
  keys,
  clock,
}: Pick<Installation, 'config' | 'keys' | 'clock'>): IdentityProvider | null {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret: clientSecret } = config;
  if (issuer === null && clientId === null && clientSecret === null) return null;
  if (issuer === null || clientId === null || clientSecret === null) {
    throw new Failure('usage', 'Set all of OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, or none of them.');
  }
  const redirectUri = `${relyingPartyOf(config.publicUrl).origin}/auth/oidc/callback`;
  const key = keys.derive('oidc-begun');
  return makeOidcProvider({ issuer, clientId, clientSecret, redirectUri, key, now: () => clock.now() });
}
