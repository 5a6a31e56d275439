import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export interface OidcPerson {
  readonly subject: string;
  readonly email: string;
  readonly isVerified: boolean;
}

/** A real OpenID Connect provider on this machine, and a browser of a few lines that signs in there as whoever it is told. */
export interface OidcPeer {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** From the address that the console sends to, to the address that the provider sends back to. */
  signIn(url: string, as: OidcPerson): Promise<string>;
  close(): Promise<void>;
}

/** More redirects than a sign-in has. */
const hopsMax = 10;

export async function openOidcPeer(redirectUri: string): Promise<OidcPeer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientId = 'allclear';
  const clientSecret = 'a-secret-of-the-test';
  const signingKey = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ format: 'jwk' });
  const people = new Map<string, OidcPerson>();
  let current = '';
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    jwks: { keys: [{ ...signingKey, use: 'sig', alg: 'RS256', kid: 'test' }] },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
    cookies: { keys: ['keys of the test'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, accountId) => ({
      accountId,
      claims: () => {
        const person = people.get(accountId);
        return { sub: accountId, email: person?.email, email_verified: person?.isVerified };
      },
    }),
    async loadExistingGrant(ctx) {
      const { client, session } = ctx.oidc;
      const grant = new ctx.oidc.provider.Grant({
        clientId: client?.clientId ?? '',
        accountId: session?.accountId ?? '',
      });
      grant.addOIDCScope('openid email');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/') !== true) return void answer(request, response);
    void provider.interactionFinished(request, response, { login: { accountId: current } });
  });

  return {
    issuer,
    clientId,
    clientSecret,
    async signIn(url, as) {
      people.set(as.subject, as);
      current = as.subject;
      const cookies = new Map<string, string>();
      let at = url;
      for (let hop = 0; hop < hopsMax && !at.startsWith(redirectUri); hop += 1) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const page = await fetch(at, { redirect: 'manual', headers: { cookie } });
        for (const set of page.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
          cookies.set(name, value);
        }
        const next = page.headers.get('location');
        if (next === null) throw new Error(`the provider stopped: ${page.status} ${await page.text()}`);
        at = new URL(next, at).href;
      }
      return at;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
