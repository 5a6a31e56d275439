import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import * as client from 'openid-client';
import type { IdentityProvider } from '../../app/ports/identity-provider.ts';

export interface OidcOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  /** Seals what is kept in the browser meanwhile. */
  readonly key: Uint8Array;
  readonly now: () => Date;
}

/** As long as somebody looks for their password and their phone. */
const signInMs = 10 * 60_000;
/** A provider that is away keeps nobody's request. */
const answerSeconds = 5;

interface Begun {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly untilMs: number;
}

/** OpenID Connect by openid-client. The provider is asked about itself at the first sign-in and again after a failure. */
export function makeOidcProvider(options: OidcOptions): IdentityProvider {
  const { redirectUri, now } = options;
  let known: Promise<client.Configuration> | null = null;

  function discover(): Promise<client.Configuration> {
    known ??= discoverProvider(options).catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  }

  return {
    async begin() {
      const config = await discover();
      const codeVerifier = client.randomPKCECodeVerifier();
      const begun: Begun = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        codeVerifier,
        untilMs: now().getTime() + signInMs,
      };
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid email',
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        state: begun.state,
        nonce: begun.nonce,
      });
      return { url: url.href, begun: seal(begun, options.key) };
    },
    async finish(callbackUrl, sealed) {
      const begun = open(sealed, options.key);
      if (begun === null || begun.untilMs <= now().getTime()) return null;
      const config = await discover();
      // The query as it came, at the address that we registered: what a proxy made of the rest is no matter.
      const current = new URL(redirectUri);
      current.search = new URL(callbackUrl).search;
      const checks = {
        pkceCodeVerifier: begun.codeVerifier,
        expectedState: begun.state,
        expectedNonce: begun.nonce,
        idTokenExpected: true,
      };
      const tokens = await client.authorizationCodeGrant(config, current, checks).catch(nullWhereRefused);
      const claims = tokens?.claims();
      if (claims === undefined) return null;
      const email = claims['email'];
      return {
        issuer: claims.iss,
        subject: claims.sub,
        email: claims['email_verified'] === true && typeof email === 'string' ? email : null,
        answer: createHash('sha256').update(begun.state).digest('hex'),
      };
    },
  };
}

async function discoverProvider({ issuer, clientId, clientSecret }: OidcOptions): Promise<client.Configuration> {
  const server = new URL(issuer);
  const isHere = server.protocol === 'http:' && /^(localhost|127(\.[0-9]{1,3}){3}|\[::1\])$/.test(server.hostname);
  return client.discovery(server, clientId, clientSecret, undefined, {
    timeout: answerSeconds,
    // Plain HTTP is for a provider on this very machine.
    ...(isHere ? { execute: [client.allowInsecureRequests] } : {}),
  });
}

/** What the provider or the answer itself refuses; a provider that is away is an error as it stands. */
function nullWhereRefused(error: unknown): null {
  const isAnswer =
    error instanceof client.ResponseBodyError ||
    error instanceof client.AuthorizationResponseError ||
    (error instanceof client.ClientError && error.code !== 'OAUTH_TIMEOUT');
  if (isAnswer) return null;
  throw error;
}

/** Readable by the browser that holds it, and changed by nobody. */
function seal(begun: Begun, key: Uint8Array): string {
  const body = Buffer.from(JSON.stringify(begun)).toString('base64url');
  return `${body}.${macOf(body, key).toString('base64url')}`;
}

function open(sealed: string, key: Uint8Array): Begun | null {
  const [body = '', mac = ''] = sealed.split('.');
  const given = Buffer.from(mac, 'base64url');
  const expected = macOf(body, key);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Begun;
}

function macOf(body: string, key: Uint8Array): Buffer {
  return createHmac('sha256', key).update(body).digest();
}
