import { generateKeyPairSync } from 'node:crypto';

import fc from 'fast-check';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { describe, expect, test } from 'vitest';

import { compileMessage } from '../../src/adapters/mail/compile-message.ts';
import { keyRecord } from '../../src/adapters/mail/dkim/key-record.ts';
import { makeMailSigner } from '../../src/adapters/mail/dkim/sign-mail.ts';
import { makeRehearsalTransport } from '../../src/adapters/mail/rehearsal-transport.ts';
import type { RehearsalAddress } from '../../src/app/ports/holder-transport.ts';
import { allowed, aMessage, aSink, aTransport, patientLimits } from './fixture.ts';

const domain = 'chirp.example';
const keys = [
  { selector: 'r1', privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey },
  { selector: 'e1', privateKey: generateKeyPairSync('ed25519').privateKey },
];
const signMail = makeMailSigner({ domain, keys });
const published = new Map(
  keys.map(({ selector, privateKey }) => {
    const { name, value } = keyRecord(domain, selector, privateKey);
    return [name, value];
  }),
);

/** By a verifier that is not ours, with our records in place of the DNS: `rsa-sha256 pass`, ... */
async function verdicts(raw: Uint8Array): Promise<readonly string[]> {
  const { results } = await dkimVerify(Buffer.from(raw), {
    strict: true,
    resolver: (name) => Promise.resolve([[published.get(name) ?? '']]),
  });
  return results.map(({ algo, status }) => `${algo} ${status.result}`);
}

const bothPass = ['rsa-sha256 pass', 'ed25519-sha256 pass'];

async function aNotice(cause = 'ein Grund, \u00fcber den  wir  reden'): Promise<Uint8Array> {
  const compiled = await compileMessage({
    from: { name: 'Chirp S\u00e4kerhet', address: 'security@chirp.example' },
    subject:
      'Vi har \u00e5terst\u00e4llt ditt l\u00f6senord, och h\u00e4r st\u00e5r varf\u00f6r: \u30d1\u30b9\u30ef\u30fc\u30c9',
    text: ['Hej,  \n\n.det h\u00e4nde\t\n', { slot: 'cause', type: 'text' }, '\n\n\n'],
    html: ['<p>  <b>', { slot: 'cause', type: 'text' }, '</b> </p>\n\n  '],
    headers: { 'Feedback-ID': 'plan_81:notice:allclear' },
  });
  return compiled.build({
    to: 'holder@example.test',
    messageId: '<0123abcd@chirp.example>',
    date: new Date('2026-03-03T21:14:05Z'),
    noticeNumber: '8F3K-22QD-9PXA-77TR-C',
    slots: { cause },
  });
}

test('every notice that leaves carries two signatures that hold in the bytes that the other side took', async () => {
  const sink = await aSink();
  const transport = aTransport(sink, { signMail });
  for (const cause of ['kurz', 'a '.repeat(900), '. \u0644\u0627 =20 \t "quoted" <b>', '']) {
    await transport.send(aMessage({ content: await aNotice(cause) }), allowed);
  }
  expect(sink.taken).toHaveLength(4);
  for (const { raw } of sink.taken) expect(await verdicts(raw)).toEqual(bothPass);
});

test('a rehearsal is signed as the notice will be', async () => {
  const sink = await aSink();
  const transport = makeRehearsalTransport({
    smtpUrl: `smtp://127.0.0.1:${sink.port}`,
    limits: patientLimits,
    isOperatorAddress: () => true,
    signMail,
  });
  await transport.send({
    ...aMessage({ content: await aNotice() }),
    envelopeTo: 'ann@chirp.example' as RehearsalAddress,
  });
  await transport.close();
  expect(await verdicts(sink.taken[0]?.raw ?? Buffer.alloc(0))).toEqual(bothPass);
});

test('without keys a mail leaves byte for byte as it was built', async () => {
  const sink = await aSink();
  const content = await aNotice();
  await aTransport(sink).send(aMessage({ content }), allowed);
  expect(sink.taken[0]?.raw.equals(content)).toBe(true);
});

describe('a mail that somebody changed under way no longer verifies', () => {
  const changes: readonly (readonly [string, (mail: string) => string])[] = [
    ['a word of the body', (mail) => mail.replace('Hej,', 'Hoj,')],
    ['text after the end', (mail) => `${mail}one more line\r\n`],
    ['another sender', (mail) => mail.replace('security@chirp.example>', 'security@evil.example>')],
    ['another recipient', (mail) => mail.replace('To: holder@', 'To: other@')],
    ['another notice number', (mail) => mail.replace('X-Allclear-Notice: 8F3K', 'X-Allclear-Notice: 9F3K')],
    ['a second From above', (mail) => `From: Chirp <security@evil.example>\r\n${mail}`],
    ['a second Subject above', (mail) => `Subject: click here\r\n${mail}`],
    ['another kind of content', (mail) => `Content-Type: text/html\r\n${mail}`],
    ['a Reply-To that was not there', (mail) => `Reply-To: evil@evil.example\r\n${mail}`],
    ['a link to unsubscribe that was not there', (mail) => `List-Unsubscribe: <https://evil.example>\r\n${mail}`],
    ['a second notice number', (mail) => `X-Allclear-Notice: 1\r\n${mail}`],
  ];

  test.each(changes)('%s', async (_, change) => {
    const signed = Buffer.from(signMail(await aNotice())).toString('latin1');
    const changed = change(signed);
    expect(changed).not.toBe(signed);
    expect(await verdicts(Buffer.from(changed, 'latin1'))).not.toContain('rsa-sha256 pass');
    expect(await verdicts(Buffer.from(changed, 'latin1'))).not.toContain('ed25519-sha256 pass');
  });

  test('what mail servers do to a mail on its way leaves both signatures whole', async () => {
    const signed = Buffer.from(signMail(await aNotice())).toString('latin1');
    const headEnd = signed.indexOf('\r\n\r\n');
    const relayed = [
      'Received: from a.example by b.example; Tue, 3 Mar 2026 21:14:06 +0000',
      'Return-Path: <bounces@chirp.example>',
      `${signed.slice(0, headEnd).replaceAll('\r\n ', '\r\n\t').replaceAll(': ', ':  ')}${signed.slice(headEnd)}\r\n\r\n`,
    ].join('\r\n');
    expect(await verdicts(Buffer.from(relayed, 'latin1'))).toEqual(bothPass);
  });
});

test('a signature covers all of the body, for as long as somebody may read it', async () => {
  const signed = Buffer.from(signMail(await aNotice())).toString('latin1');
  const head = signed.slice(0, signed.indexOf('From:'));
  expect(head.match(/^DKIM-Signature: /gm)).toHaveLength(2);
  expect(head).not.toMatch(/[ ;](?:l|x)=/);
  for (const line of head.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78);
});

test('equal bytes are signed equally, whenever and however often they are', async () => {
  const content = await aNotice();
  const [first, second] = [signMail(content), makeMailSigner({ domain, keys })(content)];
  expect(Buffer.compare(first, second)).toBe(0);
  expect(Buffer.from(first).toString('latin1')).toContain(` t=${Date.parse('2026-03-03T21:14:05Z') / 1_000};`);
});

test('whatever blanks, folds and empty lines a mail has, both signatures hold', async () => {
  const line = fc.array(fc.constantFrom('a', 'B', ' ', '\t', '  ', '.', '=', '\u00e4', '\u{1f512}'), { maxLength: 12 });
  const body = fc.array(
    line.map((parts) => parts.join('')),
    { maxLength: 6 },
  );
  const value = fc
    .array(fc.constantFrom('x', ' ', '\t', '\r\n ', '\r\n\t', ':', '\u00fc'), { maxLength: 10 })
    .map((parts) => `y${parts.join('')}z`);
  const mail = fc.record({
    body,
    to: value,
    other: fc.array(value, { maxLength: 3 }),
    ending: fc.constantFrom('', '\r\n'),
  });
  await fc.assert(
    fc.asyncProperty(mail, async (drawn) => {
      const text = [
        'From: Chirp <security@chirp.example>',
        `To:${drawn.to}`,
        ...drawn.other.map((one) => `X-OTHER : ${one}`),
        '',
        drawn.body.join('\r\n') + drawn.ending,
      ].join('\r\n');
      expect(await verdicts(signMail(Buffer.from(text, 'utf8')))).toEqual(bothPass);
    }),
    { numRuns: 300, seed: 20260303 },
  );
});
