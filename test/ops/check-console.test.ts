import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CheckFinding } from '../../src/app/doctor/finding.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { checkConsole } from '../../src/main/doctor/check-console.ts';
import { openOidcPeer } from '../support/oidc-peer.ts';
import type { OidcPeer } from '../support/oidc-peer.ts';

let peer: OidcPeer;
beforeAll(async () => {
  peer = await openOidcPeer('https://allclear.example/auth/oidc/callback');
});
afterAll(() => peer.close());

async function look(env: Record<string, string>): Promise<readonly (readonly [string, CheckFinding['verdict']])[]> {
  const { config } = loadConfig({ env, flags: {}, cwd: '/nowhere' });
  return (await checkConsole(config)).map(({ check, verdict }) => [check, verdict]);
}

test('an address at which nobody could sign in is found before somebody tries', async () => {
  expect(await look({})).toEqual([['console', 'ok']]);
  expect(await look({ PUBLIC_URL: 'https://allclear.example' })).toEqual([['console', 'ok']]);
  expect(await look({ PUBLIC_URL: 'http://allclear.lan' })).toEqual([['console', 'warn']]);
  expect(await look({ PUBLIC_URL: 'https://192.0.2.7' })).toEqual([['console', 'warn']]);
});

test('a server in production without its console is found', async () => {
  const { config: here } = loadConfig({ env: { PUBLIC_URL: 'https://allclear.example' }, flags: {}, cwd: '/nowhere' });
  const config = { ...here, environment: 'production' } as const;
  const [first] = await checkConsole(config, { kind: 'missing' });
  expect([first?.verdict, first?.mend]).toEqual(['warn', expect.stringContaining('npm run console')]);
  expect(await checkConsole(config, { kind: 'built' })).toMatchObject([{ verdict: 'ok' }]);
});

test('a provider that does not answer, or is configured by halves, is found', async () => {
  const whole = { OIDC_ISSUER: peer.issuer, OIDC_CLIENT_ID: peer.clientId, OIDC_CLIENT_SECRET: peer.clientSecret };
  expect(await look(whole)).toContainEqual(['oidc', 'ok']);
  expect(await look({ ...whole, OIDC_ISSUER: `${peer.issuer}/other` })).toContainEqual(['oidc', 'warn']);
  expect(await look({ OIDC_ISSUER: peer.issuer })).toContainEqual(['oidc', 'fail']);
});
