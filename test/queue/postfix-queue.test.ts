import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makePostfixQueue } from '../../src/adapters/mail/queue/postfix-queue.ts';
import type { PostfixQueueOptions } from '../../src/adapters/mail/queue/postfix-queue.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

/** A folder of commands that do what a test says, in place of Postfix's own. */
function commands(scripts: Readonly<Record<string, string>>): string {
  const folder = makeTempFolder('commands');
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

function queueOf(scripts: Readonly<Record<string, string>>, options: Partial<PostfixQueueOptions> = {}) {
  return makePostfixQueue({
    commandDir: commands(scripts),
    configDir: null,
    hold: 'direct',
    readReference: (sender) => /^bounces\+([0-9a-z]+)@ours\.test$/.exec(sender)?.[1] ?? null,
    timeoutMs: 20_000,
    ...options,
  });
}

function line(over: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    queue_name: 'deferred',
    queue_id: '4FB3AA6E0C2',
    arrival_time: 1,
    message_size: 294,
    forced_expire: false,
    sender: 'bounces+a1@ours.test',
    recipients: [{ address: 'x@y.test', delay_reason: 'connect refused' }],
    ...over,
  });
}

/** What `postqueue` writes, byte for byte. */
function says(text: string) {
  const folder = makeTempFolder('list');
  writeFileSync(join(folder, 'list'), text);
  return queueOf({ postqueue: `exec cat '${join(folder, 'list')}'` });
}

describe('the list of a queue', () => {
  test('is read by place, and mails of others are counted and not listed', async () => {
    const text = [
      line({ queue_name: 'active', queue_id: 'AAAAAA1' }),
      line({ queue_name: 'incoming', queue_id: 'AAAAAA2' }),
      line({ queue_name: 'maildrop', queue_id: 'AAAAAA3' }),
      line({ queue_name: 'hold', queue_id: 'AAAAAA4' }),
      line({ queue_id: '4gtd3f1TkRz1xyz' }),
      line({ sender: 'MAILER-DAEMON', queue_id: 'AAAAAA5' }),
      line({ queue_name: 'corrupt', queue_id: 'AAAAAA6' }),
      line({ sender: 'bounces+a1@theirs.test', queue_id: 'AAAAAA7' }),
    ].join('\n');
    const reading = await says(`${text}\n`).read();
    expect(reading).toMatchObject({ kind: 'read', others: 3 });
    expect(reading.kind === 'read' && reading.own.map(({ queueId, place }) => [queueId, place])).toEqual([
      ['AAAAAA1', 'waiting'],
      ['AAAAAA2', 'waiting'],
      ['AAAAAA3', 'waiting'],
      ['AAAAAA4', 'on-hold'],
      ['4gtd3f1TkRz1xyz', 'deferred'],
    ]);
  });

  test('that is empty is a depth of zero, for the command said so', async () => {
    expect(await says('').read()).toEqual({ kind: 'read', own: [], others: 0 });
  });

  test('with a line of many megabytes counts it as a mail of others, and reads on', async () => {
    const many = line({ recipients: Array.from({ length: 60_000 }, (_, i) => ({ address: `r${i}@others.test` })) });
    expect(many.length).toBeGreaterThan(1_000_000);
    const reading = await says(`${many}\n${line()}\n`).read();
    expect(reading).toMatchObject({ kind: 'read', others: 1 });
    expect(reading.kind === 'read' && reading.own.length).toBe(1);
  });

  test.each([
    ['words', 'Mail queue is empty\n'],
    ['half a line', line().slice(0, 80)],
    ['JSON that is no entry', '[1,2]\n'],
    ['null', 'null\n'],
    ['an entry without a sender', `${JSON.stringify({ queue_name: 'hold', queue_id: 'ABCDEF12' })}\n`],
    ['a queue id that is an order', `${line({ queue_id: 'ALL' })}\n`],
    ['a queue id with a line end in it', `${line({ queue_id: 'ABCDEF\nALL' })}\n`],
    ['an empty line', `${line()}\n\n`],
    ['bytes', '\u0000\u0001\ufffd\n'],
  ])('that holds %s is not known, never zero', async (_, text) => {
    const reading = await says(text).read();
    expect(reading.kind).toBe('unreadable');
    expect(JSON.stringify(reading)).not.toMatch(/@/);
  });

  test('that never ends is given up, and the command with it', async () => {
    const endless = queueOf({ postqueue: `while :; do echo '${line({ sender: 'x@others.test' })}'; done` });
    expect(await endless.read()).toMatchObject({ kind: 'unreadable', why: 'the queue holds more than 200000 mails' });
  });
});

describe('a command', () => {
  test('that is not there is told by its name', async () => {
    const reading = await queueOf({}).read();
    expect(reading).toMatchObject({
      kind: 'unreadable',
      why: expect.stringMatching(/^there is no .*postqueue/) as string,
    });
  });

  test('that may not be run is told by its name', async () => {
    const commandDir = commands({ postqueue: 'exit 0' });
    chmodSync(join(commandDir, 'postqueue'), 0o600);
    expect(await queueOf({}, { commandDir }).read()).toMatchObject({
      kind: 'unreadable',
      why: expect.stringMatching(/postqueue may not be run by this user$/) as string,
    });
    expect(await queueOf({}, { commandDir: '/dev/null' }).read()).toMatchObject({
      kind: 'unreadable',
      why: '/dev/null/postqueue cannot be run (ENOTDIR)',
    });
  });

  test('that does not end is killed in its time, though a child of it keeps the pipe', async () => {
    const queue = queueOf({ postqueue: 'sleep 30 & wait' }, { timeoutMs: 300 });
    expect(await queue.read()).toMatchObject({
      kind: 'unreadable',
      why: expect.stringMatching(/postqueue did not end within 0.3 s/) as string,
    });
  });

  test('that fails is told in its own first line, without what could be an address', async () => {
    const queue = queueOf({
      postqueue: `echo 'postqueue: fatal: <ann@example.test> may not \t\u0007look' >&2; exit 69`,
    });
    const reading = await queue.read();
    expect(reading).toMatchObject({ kind: 'unreadable' });
    const why = reading.kind === 'unreadable' ? reading.why : '';
    expect(why).toMatch(/ended with 69: postqueue: fatal: \.\.\. may not \?\?look$/);
  });

  test('gets the queue ids on its input, one a line, and no shell in between', async () => {
    const folder = makeTempFolder('orders');
    const note = `printf '%s ' "$@" >>'${folder}/orders'; cat >>'${folder}/orders'`;
    const queue = queueOf({ postqueue: 'exit 0', postsuper: note }, { configDir: '/etc/postfix two' });
    expect(await queue.command?.hold(['ABCDEF1', 'ABCDEF2'])).toBeNull();
    expect(await queue.command?.release(['ABCDEF1'])).toBeNull();
    expect(readFileSync(join(folder, 'orders'), 'utf8')).toBe(
      '-c /etc/postfix two -h - ABCDEF1\nABCDEF2\n-c /etc/postfix two -H - ABCDEF1\n',
    );
  });

  test('that is refused says why, and does not throw', async () => {
    const queue = queueOf({
      postqueue: 'exit 0',
      postsuper: 'echo "postsuper: fatal: use of this command is reserved for the superuser" >&2; exit 1',
    });
    expect(await queue.command?.hold(['ABCDEF1'])).toMatch(/ended with 1: postsuper: fatal: use of this command/);
  });

  test('is not there where nobody allowed to hold mails', () => {
    expect(queueOf({ postqueue: 'exit 0' }, { hold: 'no' }).command).toBeNull();
  });
});
