import { afterEach, expect, test } from 'vitest';
import fc from 'fast-check';
import { startMailbox } from '../../src/adapters/embedded/mailbox.ts';
import type { Mailbox, MailboxOptions } from '../../src/adapters/embedded/mailbox.ts';
import { parseMessage } from '../../src/adapters/embedded/mailbox-message.ts';
import { smtpDialogue } from './smtp-dialogue.ts';

const running: Mailbox[] = [];
async function mailbox(options: Partial<MailboxOptions> = {}): Promise<Mailbox> {
  const started = await startMailbox({ smtpPort: 0, ...options });
  running.push(started);
  return started;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});

/** RFC 5321, 4.5.2: a line that begins with a dot gets another one; the end is a dot alone. */
function dotStuffed(body: Buffer): Buffer {
  const text = body.toString('latin1').replace(/^\./, '..').replaceAll('\r\n.', '\r\n..');
  return Buffer.from(`${text}\r\n.\r\n`, 'latin1');
}

const envelope = (to: string) => [
  'EHLO tester\r\n',
  'MAIL FROM:<bounce@sender.example>\r\n',
  `RCPT TO:<${to}>\r\n`,
  'DATA\r\n',
];
const send = (port: number, to: string, body: Buffer) =>
  smtpDialogue(port, [...envelope(to), dotStuffed(body), 'QUIT\r\n']);

test('a mail is kept as it was sent, byte for byte, with its envelope', async () => {
  const box = await mailbox();
  const body = Buffer.concat([
    Buffer.from('Subject: x\r\n\r\n.starts with a dot\r\n..\r\n \t\r\n'),
    Buffer.from([0xff, 0x00, 0x80, 0xc3, 0xa4]),
    Buffer.from(`\r\n${'long'.repeat(1_000)}\r\nbare\nline\rends`),
  ]);
  const replies = await send(box.smtpPort, 'Ann+Tag@Example.org', body);
  expect(replies.map((reply) => reply.slice(0, 3))).toEqual(['220', '250', '250', '250', '354', '250', '221']);
  const [kept] = box.all();
  expect(kept!.raw.equals(Buffer.concat([body, Buffer.from('\r\n')]))).toBe(true);
  expect({ from: kept!.from, to: kept!.to }).toEqual({ from: 'bounce@sender.example', to: ['Ann+Tag@Example.org'] });
});

test('no sequence of lines is changed on its way into the mailbox', async () => {
  const box = await mailbox();
  const line = fc.stringMatching(/^[.\t -~]{0,40}$/);
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (lines) => {
      const body = Buffer.from(['Subject: p', '', ...lines].join('\r\n'));
      await send(box.smtpPort, 'p@example.org', body);
      expect(box.all().at(-1)!.raw.toString('latin1')).toBe(`${body.toString('latin1')}\r\n`);
    }),
    { numRuns: 20, seed: 2014 },
  );
});

test('an address finds its own mail and no look-alike', async () => {
  const box = await mailbox();
  for (const to of ['ann@example.org', 'Ann@example.org', 'joann@example.org']) {
    await send(box.smtpPort, to, Buffer.from(`Subject: for ${to}\r\n`));
  }
  expect(box.messagesTo('ann@example.org').map(({ to }) => to)).toEqual([['ann@example.org']]);
});

test('each mail is announced once, before its sender is told that it was taken', async () => {
  const seen: number[] = [];
  const box = await mailbox({ onMail: ({ id }) => seen.push(id) });
  const replies = await send(box.smtpPort, 'a@example.org', Buffer.from('Subject: a\r\n'));
  expect(replies.at(-2)).toContain('Kept as 1');
  await send(box.smtpPort, 'a@example.org', Buffer.from('Subject: b\r\n'));
  expect(seen).toEqual([1, 2]);
  expect(box.all(1).map(({ id }) => id)).toEqual([2]);
});

test('a full mailbox drops its oldest mail and says how many', async () => {
  const box = await mailbox({ maxMessages: 2 });
  for (const subject of ['1', '2', '3', '4', '5']) {
    await send(box.smtpPort, 'a@example.org', Buffer.from(`Subject: ${subject}\r\n`));
  }
  expect(box.all().map(({ id }) => id)).toEqual([4, 5]);
  expect({ count: box.count(), dropped: box.dropped() }).toEqual({ count: 2, dropped: 3 });
  box.clear();
  expect(box.count()).toBe(0);
});

test('a mail over the limit is refused and not kept in part', async () => {
  const box = await mailbox();
  const replies = await send(box.smtpPort, 'a@example.org', Buffer.alloc(2 * 1024 * 1024 + 1, 'x'));
  expect(replies.at(-2)).toMatch(/^552/);
  expect(box.count()).toBe(0);
});

test('a sender that hangs up before the final dot leaves no mail', async () => {
  const box = await mailbox();
  await smtpDialogue(box.smtpPort, envelope('a@example.org'));
  expect(box.count()).toBe(0);
});

test('a taken port is said, not thrown at nobody', async () => {
  const { smtpPort } = await mailbox();
  await expect(startMailbox({ smtpPort })).rejects.toMatchObject({
    code: 'mailer-unavailable',
    facts: { port: smtpPort },
  });
});

test('subject, both bodies and the headers are read on demand', async () => {
  const box = await mailbox();
  const mail = [
    'From: Service <no-reply@service.example>',
    'Subject: =?utf-8?Q?Pr=C3=BCfung?=',
    'X-Long: one',
    '  two',
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'plain words',
    '--b',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<p>html words</p>',
    '--b--',
  ].join('\r\n');
  await send(box.smtpPort, 'a@example.org', Buffer.from(mail));
  const parsed = await parseMessage(box.message(1)!);
  expect(parsed.subject).toBe('Prüfung');
  expect(parsed.text.trim()).toBe('plain words');
  expect(parsed.html).toContain('<p>html words</p>');
  expect(parsed.headers.find(({ name }) => name === 'X-Long')).toEqual({ name: 'X-Long', value: 'one  two' });
});
