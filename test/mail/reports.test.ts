import { expect, test } from 'vitest';

import { allowed, aMessage, aSink, aTransport } from './fixture.ts';
import type { SmtpSink } from '../support/smtp-sink.ts';

async function envelopeOf(to: string, from: string, extensions: readonly string[]): Promise<readonly string[]> {
  const sink: SmtpSink = await aSink({ extensions });
  await aTransport(sink).send(aMessage({ envelopeTo: to, envelopeFrom: from }), allowed);
  expect(sink.taken.map((message) => [message.from, message.to])).toEqual([[from, [to]]]);
  return sink.commands.filter((line) => /^(?:MAIL|RCPT)/.test(line));
}

test('a report of failure or delay is asked for, about this address and with the proof of the return path', async () => {
  expect(await envelopeOf('jo+news=x@example.test', 'bounces+abc.def@shop.test', ['DSN'])).toEqual([
    'MAIL FROM:<bounces+abc.def@shop.test> RET=HDRS ENVID=bounces+2Babc.def',
    'RCPT TO:<jo+news=x@example.test> NOTIFY=FAILURE,DELAY ORCPT=rfc822;jo+2Bnews+3Dx@example.test',
  ]);
});

test('an address beyond ASCII is named in a form that every server can hand on', async () => {
  expect(await envelopeOf('j\u00f6+rg@b\u00fccher.test', 'b@shop.test', ['DSN', 'SMTPUTF8'])).toEqual([
    'MAIL FROM:<b@shop.test> SMTPUTF8 RET=HDRS ENVID=b',
    'RCPT TO:<j\u00f6+rg@b\u00fccher.test> NOTIFY=FAILURE,DELAY ORCPT=utf-8;j\\x{F6}\\x{2B}rg@b\\x{FC}cher.test',
  ]);
});

test('no report is asked of a server that does not offer them, nor to the null return path', async () => {
  expect(await envelopeOf('a@example.test', 'b@shop.test', [])).toEqual([
    'MAIL FROM:<b@shop.test>',
    'RCPT TO:<a@example.test>',
  ]);
  expect(await envelopeOf('a@example.test', '', ['DSN'])).toEqual(['MAIL FROM:<>', 'RCPT TO:<a@example.test>']);
});

test('the size is declared in bytes before stuffing, and SMTPUTF8 and 8BITMIME only where the mail needs them', async () => {
  const sink = await aSink();
  const transport = aTransport(sink);
  await transport.send(aMessage({ content: Buffer.from('.\r\n.\r\n') }), allowed);
  await transport.send(aMessage({ content: Buffer.from('X: \u00e4\r\n') }), allowed);
  const mails = sink.commands.filter((line) => line.startsWith('MAIL')).map((line) => line.split(' ').slice(2, -2));
  expect(mails).toEqual([['SIZE=6'], ['SIZE=7', 'BODY=8BITMIME']]);
});
