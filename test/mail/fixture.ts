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

/** Far longer than any of it takes, so that a busy machine never looks like a silent server. */
export const patientLimits = {
  connectMs: 20_000,
  greetingMs: 20_000,
  commandMs: 20_000,
  dataBlockMs: 20_000,
  afterDotMs: 20_000,
  quitMs: 1_000,
  idleMs: 60_000,
  ageMs: 600_000,
};

export function aTransport(sink: SmtpSink, options: Partial<HolderTransportOptions> = {}): HolderTransport {
  const transport = makeHolderTransport({
    smtpUrl: `smtp://127.0.0.1:${sink.port}`,
    environment: 'test',
    connections: 1,
    clientName: 'client.test',
    limits: patientLimits,
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
