import { describe, expect, it } from 'vitest';
import { makeHttpApp } from '../../src/http/app.ts';
import { makeWellKnownRoutes } from '../../src/http/public/well-known-routes.ts';
import { fakeServices, rememberingLog } from './fake-services.ts';

const pages = { recoveryUrl: null, supportContact: 'help@chirp.test', publicUrl: 'https://account.chirp.test' };

describe('well-known addresses', () => {
  it('a password manager is led to the recovery page of the service, and nowhere where there is none', async () => {
    const recoveryUrl = 'https://chirp.test/forgot-password';
    const app = makeHttpApp(fakeServices({ holderPages: { ...pages, recoveryUrl } }), { log: rememberingLog() });
    const answer = await app.request('/.well-known/change-password');
    expect([answer.status, answer.headers.get('location')]).toEqual([302, recoveryUrl]);
    const bare = makeHttpApp(fakeServices(), { log: rememberingLog() });
    expect((await bare.request('/.well-known/change-password')).status).toBe(404);
  });

  it('security.txt names a contact that is a URI, and does not expire while it is read', async () => {
    const textOf = async (supportContact: string): Promise<string | null> => {
      const services = fakeServices({ holderPages: { ...pages, supportContact } });
      const answer = await makeWellKnownRoutes(services, () => new Date('2026-11-23T12:00:00Z')).request(
        '/security.txt',
      );
      return answer.status === 200 ? answer.text() : null;
    };
    expect(await textOf('help@chirp.test')).toBe(
      [
        'Contact: mailto:help@chirp.test',
        'Expires: 2027-05-22T00:00:00Z',
        'Preferred-Languages: en, de, es, ja',
        'Canonical: https://account.chirp.test/.well-known/security.txt',
        '',
      ].join('\n'),
    );
    expect(await textOf('https://chirp.test/help')).toContain('Contact: https://chirp.test/help\n');
    expect(await textOf('call our desk')).toBeNull();
  });
});
