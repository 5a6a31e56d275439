import { createHash, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMailbox } from '../../src/adapters/embedded/mailbox.ts';
import type { Mailbox } from '../../src/adapters/embedded/mailbox.ts';
import { mailboxPages } from '../../src/adapters/embedded/mailbox-pages.ts';
import { makeDkimVerifier } from '../../src/adapters/embedded/verify-dkim.ts';
import { keyRecord } from '../../src/adapters/mail/dkim/key-record.ts';
import { makeMailSigner } from '../../src/adapters/mail/dkim/sign-mail.ts';
import { smtpDialogue } from './smtp-dialogue.ts';

const hostile = [
  'Subject: <script>alert(1)</script>',
  'X-Evil: "><img src=x onerror=alert(2)>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/alternative; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'see https://service.example/n/1 or javascript:alert(3)',
  '--b',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<script>alert(4)</script><p style="color:red">words</p>',
  '--b--',
  '.',
  '',
].join('\r\n');

let box: Mailbox;
const ask = (path: string) => mailboxPages(box).request(`http://localhost${path}`);

beforeAll(async () => {
  box = await startMailbox({ smtpPort: 0 });
  for (const to of ['ann@example.org', 'ben@example.org']) {
    await smtpDialogue(box.smtpPort, ['EHLO t\r\n', 'MAIL FROM:<>\r\n', `RCPT TO:<${to}>\r\n`, 'DATA\r\n', hostile]);
  }
});
afterAll(() => box.stop());

test('nothing that a mail says becomes markup of the page', async () => {
  for (const path of ['/', '/messages/1', `/?to=${encodeURIComponent('"><script>alert(5)</script>')}`]) {
    const page = await (await ask(path)).text();
    expect(page).not.toMatch(/<script|<img|href="javascript/i);
  }
});

test('the policy of a page allows its own style sheet and no script', async () => {
  const response = await ask('/messages/1');
  const policy = response.headers.get('content-security-policy');
  const style = /<style>(.*?)<\/style>/s.exec(await response.text())![1]!;
  expect(policy).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/script-src|unsafe/);
});

test('the HTML of a mail is shown without scripts, forms or network, also when it is opened alone', async () => {
  expect(await (await ask('/messages/1')).text()).toContain('<iframe sandbox="" src="/messages/1/html"');
  const response = await ask('/messages/1/html');
  expect(await response.text()).toContain('<p style="color:red">words</p>');
  const policy = response.headers.get('content-security-policy');
  expect(policy).toMatch(/default-src 'none'.*; sandbox$/);
  expect(policy).not.toContain('script-src');
});

test('the list has the newest first and is narrowed by address', async () => {
  const all = await (await ask('/')).text();
  expect(all.indexOf('/messages/2')).toBeLessThan(all.indexOf('/messages/1'));
  const narrowed = await (await ask('/?to=ANN@')).text();
  expect(narrowed).toContain('/messages/1');
  expect(narrowed).not.toContain('/messages/2');
});

test('the raw mail is given byte for byte and never as a page', async () => {
  const response = await ask('/messages/1/raw');
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(Buffer.from(await response.arrayBuffer()).equals(box.message(1)!.raw)).toBe(true);
});

test('a program reads what one address got', async () => {
  const response = await ask('/api/messages?to=ben@example.org');
  expect(await response.json()).toMatchObject({
    more: false,
    messages: [{ id: 2, from: '', to: ['ben@example.org'], subject: '<script>alert(1)</script>' }],
  });
});

test('a page of another name that points at loopback reads no mail', async () => {
  expect((await mailboxPages(box).request('http://rebound.example/api/messages')).status).toBe(403);
});

test('a mail that is gone is said to be gone', async () => {
  expect((await ask('/messages/99')).status).toBe(404);
  expect((await ask('/messages/x/raw')).status).toBe(404);
});

test('the page of a mail says which of its signatures hold, judged by its bytes as they came', async () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { name, value } = keyRecord('chirp.example', 'e1', privateKey);
  const signMail = makeMailSigner({ domain: 'chirp.example', keys: [{ selector: 'e1', privateKey }] });
  const content = Buffer.from('From: a@chirp.example\r\nSubject: hello\r\n\r\nwords\r\n');
  const signed = Buffer.from(signMail(content)).toString('latin1');
  const signedBox = await startMailbox({ smtpPort: 0 });
  const verifyDkim = makeDkimVerifier(new Map([[name, value]]));
  try {
    for (const mail of [signed, signed.replace('words', 'swords'), content.toString('latin1')]) {
      await smtpDialogue(signedBox.smtpPort, [
        'EHLO t\r\n',
        'MAIL FROM:<>\r\n',
        'RCPT TO:<ann@example.org>\r\n',
        'DATA\r\n',
        `${mail}.\r\n`,
      ]);
    }
    const pageOf = async (pages: ReturnType<typeof mailboxPages>, id: number): Promise<string> =>
      (await (await pages.request(`http://localhost/messages/${id}`)).text()).replaceAll(/\s+/g, ' ');
    const pages = mailboxPages(signedBox, { verifyDkim });
    expect(await pageOf(pages, 1)).toContain('<strong>pass</strong> ed25519-sha256, chirp.example, key e1 </li>');
    expect(await pageOf(pages, 2)).toContain('<strong>fail</strong> ed25519-sha256');
    expect(await pageOf(pages, 3)).toContain('none: this mail is not signed');
    const strangers = mailboxPages(signedBox, { verifyDkim: makeDkimVerifier(new Map()) });
    expect(await pageOf(strangers, 1)).not.toContain('<strong>pass</strong>');
    expect(await pageOf(mailboxPages(signedBox), 1)).not.toContain('<dt>DKIM</dt>');
  } finally {
    await signedBox.stop();
  }
});
