import { afterEach } from 'vitest';

import type { HolderAddress, HolderTransport, OutgoingMessage } from '../../src/app/ports/holder-transport.ts';
import { makeHolderTransport, type HolderTransportOptions } from '../../src/adapters/mail/holder-transport.ts';
import { openSmtpSink, type SinkOptions, type SmtpSink } from '../support/smtp-sink.ts';

const openThings: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const thing of openThings.splice(0).reverse()) await thing.close();
});

export async function aSink(options: SinkOptions = {}): Promise<SmtpSink> {
  const sink = await openSmtpSink(options);
  openThings.push(sink);
  return sink;
}

/** Limits that silence can be waited out with; nothing here asserts how long anything took. */
export const shortLimits = {
  connectMs: 2_000,
  greetingMs: 150,
  commandMs: 150,
  dataBlockMs: 150,
  afterDotMs: 150,
  quitMs: 50,
  idleMs: 60_000,
};

export function aTransport(sink: SmtpSink, options: Partial<HolderTransportOptions> = {}): HolderTransport {
  const transport = makeHolderTransport({
    smtpUrl: `smtp://127.0.0.1:${sink.port}`,
    environment: 'test',
    connections: 1,
    clientName: 'client.test',
    limits: shortLimits,
    ...options,
  });
  openThings.push(transport);
  return transport;
}

export function aMessage(overrides: Partial<OutgoingMessage<string>> = {}): OutgoingMessage<HolderAddress> {
  return {
    envelopeFrom: 'bounces+1.x@allclear.test',
    envelopeTo: 'holder@example.test',
    content: Buffer.from('Subject: hello\r\n\r\n.a line that begins with a dot\r\nthe end\r\n', 'latin1'),
    ...overrides,
  } as OutgoingMessage<HolderAddress>;
}

export const allowed = (): boolean => true;
export const forbidden = (): boolean => false;
