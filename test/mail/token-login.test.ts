import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeSelfSigned } from '../support/self-signed.ts';
import type { SinkOptions } from '../support/smtp-sink.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { allowed, aMessage, aSink, aTransport } from './fixture.ts';

const cert = makeSelfSigned({ name: 'localhost', notBefore: days(-1), notAfter: days(1) });
const token = { user: 'notices@chirp.test', token: 'ya29.A0-secret_token~+/=' };
const secret = /ya29|A0-secret/;

async function aTokenMailer(options: SinkOptions, held: string | null = `${token.token}\n`) {
  const file = join(makeTempFolder('token'), 'token');
  if (held !== null) writeFileSync(file, held);
  const sink = await aSink({ tls: { ...cert, mode: 'starttls' }, token, ...options });
  const transport = aTransport(sink, {
    smtpUrl: `smtp://notices%40chirp.test@localhost:${sink.port}?requireTls=true&tokenFile=${file}`,
    certificateAuthority: cert.cert,
    messagesPerConnection: 1,
  });
  return { sink, file, send: () => transport.send(aMessage(), allowed) };
}

describe('a login by token', () => {
  test.each([
    ['OAUTHBEARER', ['AUTH PLAIN XOAUTH2 OAUTHBEARER']],
    ['XOAUTH2', ['AUTH LOGIN XOAUTH2']],
  ])('is shown by %s, under TLS', async (mechanism, extensions) => {
    const { sink, send } = await aTokenMailer({ extensions });
    expect(await send()).toMatchObject({ kind: 'accepted' });
    expect(sink.commands.filter((line) => line.startsWith('AUTH'))).toEqual([`AUTH ${mechanism}`]);
    expect(sink.taken[0]?.isProtected).toBe(true);
  });

  test('that was renewed in its file is used by the next connection', async () => {
    const { file, send } = await aTokenMailer({ extensions: ['AUTH XOAUTH2'] }, 'an.old.one');
    expect(await send()).toMatchObject({ kind: 'released', cause: 'login', why: 'AUTH was answered 535' });
    writeFileSync(file, token.token);
    expect(await send()).toMatchObject({ kind: 'accepted' });
  });

  test.each(['OAUTHBEARER', 'XOAUTH2'])(
    'that is refused by %s is a clear hold, and told in no word of it',
    async (mechanism) => {
      const { sink, send } = await aTokenMailer({
        extensions: [`AUTH ${mechanism}`],
        token: { ...token, token: 'other' },
      });
      const outcome = await send();
      expect(outcome).toMatchObject({ kind: 'released', cause: 'login', why: 'AUTH was answered 535' });
      expect(JSON.stringify(outcome)).not.toMatch(secret);
      expect(sink.taken).toEqual([]);
    },
  );

  test.each([
    ['is not there', null, /cannot be read \(ENOENT\)/],
    ['is empty', '', /holds no bearer token/],
    ['holds two lines', 'ya29.A0-secret\nAUTH', /holds no bearer token/],
    ['holds a control character', 'ya29.A0-secret\u0001x', /holds no bearer token/],
    ['holds a whole document', 'ya29'.repeat(5_000), /holds more than 8000 bytes/],
  ])('whose file %s shows nothing to the server', async (_, held, why) => {
    const { sink, send } = await aTokenMailer({ extensions: ['AUTH XOAUTH2'] }, held);
    const outcome = await send();
    expect(outcome).toMatchObject({ kind: 'released', cause: 'login', why: expect.stringMatching(why) as string });
    expect(JSON.stringify(outcome)).not.toMatch(secret);
    expect(sink.commands.some((line) => line.startsWith('AUTH'))).toBe(false);
  });

  test.each([
    ['334 that never ends', { say: '334 e30=\r\n' }, 'released'],
    ['334 that is no base64', { say: '334 \u0001\u0002 not base64 %%%\r\n334 more\r\n' }, 'released'],
    ['a yes of another command', { say: '250 2.0.0 Ok\r\n' }, 'released'],
    ['a no for now', { say: '454 4.7.0 not now\r\n' }, 'released'],
    ['nothing, and an end', { then: 'fin', say: '' }, 'released'],
  ] as const)('that is answered by %s sends nothing', async (_, rule, kind) => {
    const { sink, send } = await aTokenMailer({ extensions: ['AUTH XOAUTH2'], rules: [{ at: 'auth', ...rule }] });
    const outcome = await send();
    expect(outcome.kind).toBe(kind);
    expect(sink.commands.some((line) => line.startsWith('MAIL'))).toBe(false);
    expect(JSON.stringify(outcome)).not.toMatch(secret);
  });

  test('is not shown to a server that no longer offers it, and not in place of another way', async () => {
    const { sink, file, send } = await aTokenMailer({ extensions: ['AUTH PLAIN LOGIN CRAM-MD5'] });
    expect(await send()).toMatchObject({
      kind: 'released',
      cause: 'login',
      why: expect.stringMatching(/neither/) as string,
    });
    rmSync(file);
    expect(sink.commands.some((line) => line.startsWith('AUTH'))).toBe(false);
  });
});

test('a mechanism that is offered before TLS and not after it is not used', async () => {
  const { sink, send } = await aTokenMailer({
    extensions: [],
    ehloOf: (isProtected) => (isProtected ? [] : ['AUTH XOAUTH2']),
  });
  expect(await send()).toMatchObject({ kind: 'released', cause: 'login' });
  expect(sink.commands.some((line) => line.startsWith('AUTH'))).toBe(false);
});

function days(count: number): Date {
  return new Date(Date.now() + count * 86_400_000);
}
