import { describe, expect, test } from 'vitest';

import type { SinkOptions } from '../support/smtp-sink.ts';
import { makeSelfSigned } from '../support/self-signed.ts';
import { allowed, aMessage, aSink, aTransport } from './fixture.ts';

const good = makeSelfSigned({ name: 'localhost', notBefore: days(-1), notAfter: days(1) });
const expired = makeSelfSigned({ name: 'localhost', notBefore: days(-10), notAfter: days(-1) });
const misnamed = makeSelfSigned({ name: 'mail.elsewhere.test', notBefore: days(-1), notAfter: days(1) });
const login = { user: 'relay', password: 'let me in' };

async function sendOver(options: SinkOptions, url: (port: number) => string, certificateAuthority?: string) {
  const sink = await aSink(options);
  const transport = aTransport(sink, {
    smtpUrl: url(sink.port),
    ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
  });
  return { sink, outcome: await transport.send(aMessage(), allowed) };
}

describe.each(['implicit', 'starttls'] as const)('TLS %s', (mode) => {
  const url = (port: number): string =>
    mode === 'implicit' ? `smtps://localhost:${port}` : `smtp://localhost:${port}?requireTls=true`;

  test('a good certificate carries the message, and the login with it', async () => {
    const { sink, outcome } = await sendOver(
      { tls: { ...good, mode }, login },
      (port) => url(port).replace('//', '//relay:let%20me%20in@'),
      good.cert,
    );
    expect(outcome).toMatchObject({ kind: 'accepted' });
    expect(sink.taken[0]?.isProtected).toBe(true);
    expect(sink.commands).toContain('AUTH PLAIN');
  });

  test('a certificate that nobody vouches for is refused', async () => {
    const { sink, outcome } = await sendOver({ tls: { ...good, mode } }, url);
    expect(outcome).toMatchObject({ kind: 'released', cause: 'untrusted' });
    expect(sink.taken).toEqual([]);
  });

  test('an expired certificate is refused', async () => {
    const { outcome } = await sendOver({ tls: { ...expired, mode } }, url, expired.cert);
    expect(outcome).toMatchObject({ kind: 'released', cause: 'untrusted', why: 'TLS failed: CERT_HAS_EXPIRED' });
  });

  test('a certificate of another host is refused', async () => {
    const { outcome } = await sendOver({ tls: { ...misnamed, mode } }, url.bind(null), misnamed.cert);
    expect(outcome).toMatchObject({
      kind: 'released',
      cause: 'untrusted',
      why: 'TLS failed: ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });
});

const starttlsUrl = (port: number): string => `smtp://localhost:${port}?requireTls=true`;

test('a server that does not offer the TLS that is required gets no mail', async () => {
  const { sink, outcome } = await sendOver({}, starttlsUrl);
  expect(outcome).toMatchObject({ kind: 'released', cause: 'untrusted' });
  expect(sink.commands.map((line) => line.slice(0, 4))).toEqual(['EHLO']);
});

test('STARTTLS that is offered and then refused is no reason to go on in plain text', async () => {
  for (const say of ['454 4.7.0 not now\r\n', '502 5.5.1 never\r\n', '']) {
    const { sink, outcome } = await sendOver(
      { tls: { ...good, mode: 'starttls' }, rules: [{ at: 'starttls', say, then: say === '' ? 'fin' : 'go-on' }] },
      starttlsUrl,
      good.cert,
    );
    expect(['released', 'deferred']).toContain(outcome.kind);
    expect(sink.commands.some((line) => line.startsWith('MAIL'))).toBe(false);
  }
});

test('words slipped in before the TLS handshake end the connection', async () => {
  const { sink, outcome } = await sendOver(
    { tls: { ...good, mode: 'starttls' }, rules: [{ at: 'starttls', say: '220 go\r\n250 injected\r\n' }] },
    starttlsUrl,
    good.cert,
  );
  expect(outcome).toMatchObject({ kind: 'released', cause: 'untrusted' });
  expect(sink.commands.at(-1)).toBe('STARTTLS');
});

test('a wrong password holds the mail and refuses nobody', async () => {
  const { outcome } = await sendOver({ login }, (port) => `smtp://relay:wrong@127.0.0.1:${port}`);
  expect(outcome).toMatchObject({ kind: 'released', cause: 'login', why: 'AUTH was answered 535' });
});

test('AUTH LOGIN serves where PLAIN is not offered, and neither is a hold', async () => {
  const url = (port: number): string => `smtp://relay:let%20me%20in@127.0.0.1:${port}`;
  expect((await sendOver({ login, extensions: ['AUTH LOGIN'] }, url)).outcome).toMatchObject({ kind: 'accepted' });
  expect((await sendOver({ extensions: ['AUTH CRAM-MD5'] }, url)).outcome).toMatchObject({
    kind: 'released',
    cause: 'login',
  });
});

function days(count: number): Date {
  return new Date(Date.now() + count * 86_400_000);
}

test.each([
  ['offers STARTTLS no more', undefined, /offers no STARTTLS/],
  ['shows an expired certificate', expired, /CERT_HAS_EXPIRED/],
  ['shows a certificate of another host', misnamed, /ERR_TLS_CERT_ALTNAME_INVALID/],
])('a server that in the middle of a run %s gets no further mail, and none in the clear', async (_, later, why) => {
  const sink = await aSink({
    tlsOf: (connection) => {
      const shown = connection === 0 ? good : later;
      return shown === undefined ? undefined : { ...shown, mode: 'starttls' };
    },
  });
  const transport = aTransport(sink, {
    smtpUrl: starttlsUrl(sink.port),
    certificateAuthority: [good, expired, misnamed].map(({ cert }) => cert).join('\n'),
    messagesPerConnection: 1,
  });
  expect(await transport.send(aMessage(), allowed)).toMatchObject({ kind: 'accepted' });
  const outcome = await transport.send(aMessage(), allowed);
  expect(outcome).toMatchObject({ kind: 'released', cause: 'untrusted' });
  expect(outcome).toHaveProperty('why', expect.stringMatching(why));
  expect(sink.taken.map(({ isProtected }) => isProtected)).toEqual([true]);
  expect(sink.commands.filter((line) => line.startsWith('MAIL'))).toHaveLength(1);
});
