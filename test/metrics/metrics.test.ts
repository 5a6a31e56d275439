import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { makeLogger } from '../../src/adapters/log/logger.ts';
import { cacheCounts } from '../../src/adapters/metrics/cached-counts.ts';
import { measureStore } from '../../src/adapters/metrics/measure-store.ts';
import { measureTransport } from '../../src/adapters/metrics/measure-transport.ts';
import { makeMetrics } from '../../src/adapters/metrics/metrics.ts';
import { receiverClassOf } from '../../src/adapters/metrics/receiver-class.ts';
import type { HolderAddress, HolderTransport, SendOutcome } from '../../src/app/ports/holder-transport.ts';
import type { NewLedgerEntry } from '../../src/app/ports/ledger-store.ts';
import type { Store, Tx } from '../../src/app/ports/store.ts';
import type { Config } from '../../src/config/config.ts';
import { listenForScrapes } from '../../src/main/metrics-listener.ts';
import type { MetricsListener } from '../../src/main/metrics-listener.ts';
import { readExposition, samplesOf, valueOf } from './read-exposition.ts';

const message = { envelopeFrom: 'bounces@chirp.test', content: new Uint8Array() };
const to = (address: string) => ({ ...message, envelopeTo: address as HolderAddress });

function transportThat(send: HolderTransport['send']): HolderTransport {
  return { environment: 'sample', send, close: () => Promise.resolve() };
}

describe('a figure that cannot be taken', () => {
  test('fails nothing that is measured, and is counted', async () => {
    const metrics = makeMetrics();
    const tally = metrics.tally('allclear_test_total', 'x', ['kind']);
    tally.add({ unheard: 'of' });
    metrics.level('allclear_test_level', 'x').set(Number.NaN);
    metrics.onScrape(() => Promise.reject(new Error('the disk is gone')));
    const samples = readExposition(await metrics.scrape());
    expect(valueOf(samples, 'allclear_metrics_failures_total')).toBeGreaterThanOrEqual(2);
  });

  test('does not change what a transport answers, nor whether a dot may be written', async () => {
    const metrics = makeMetrics();
    // Somebody took the name for another kind of figure: every count of dots fails.
    metrics.level('allclear_dots_total', 'x', ['other']);
    const outcome: SendOutcome = { kind: 'accepted', code: 250, reply: 'ok' };
    const asked: boolean[] = [];
    const transport = measureTransport(
      transportThat(async (_message, mayWriteDot) => {
        asked.push(mayWriteDot());
        return outcome;
      }),
      metrics,
    );
    expect(await transport.send(to('a@b.test'), () => false)).toBe(outcome);
    expect(await transport.send(to('a@b.test'), () => true)).toBe(outcome);
    expect(asked).toEqual([false, true]);
  });
});

describe('mails', () => {
  test('a dot is counted when it was allowed, also where the sending threw after it', async () => {
    const metrics = makeMetrics();
    const transport = measureTransport(
      transportThat(async (_message, mayWriteDot) => {
        mayWriteDot();
        throw new Error('lost');
      }),
      metrics,
    );
    await expect(transport.send(to('a@b.test'), () => true)).rejects.toThrow('lost');
    await expect(transport.send(to('a@b.test'), () => false)).rejects.toThrow('lost');
    expect(valueOf(readExposition(await metrics.scrape()), 'allclear_dots_total')).toBe(1);
  });

  test('those put off are told apart by receiver, of which there are never more than seven', async () => {
    const metrics = makeMetrics();
    const transport = measureTransport(
      transportThat(async () => ({ kind: 'deferred', phase: 'envelope', code: 451, reply: 'later' })),
      metrics,
    );
    for (let index = 0; index < 50; index += 1) await transport.send(to(`a@host-${index}.test`), () => true);
    for (const domain of ['gmail.com', 'outlook.co.uk', 'YAHOO.fr', 'icloud.com', 'web.de', 'wanadoo.fr'])
      await transport.send(to(`a@${domain}`), () => true);
    const samples = readExposition(await metrics.scrape());
    const shown = samplesOf(samples, 'allclear_mail_deferrals_total').map((one) => [one.labels['receiver'], one.value]);
    expect(Object.fromEntries(shown)).toEqual({
      other: 50,
      google: 1,
      microsoft: 1,
      yahoo: 1,
      apple: 1,
      gmx: 1,
      orange: 1,
    });
    expect(valueOf(samples, 'allclear_mails_total', { outcome: 'deferred', phase: 'envelope' })).toBe(56);
  });

  test('a domain that only looks like a large receiver is another one', () => {
    for (const address of ['a@gmail.com.evil.test', 'a@notgmail.com', 'gmail.com', '@', ''])
      expect([address, receiverClassOf(address)]).toEqual([address, address === 'gmail.com' ? 'google' : 'other']);
  });
});

describe('the ledger', () => {
  test('an entry is counted once it is committed, and a transaction that failed counts as nothing', async () => {
    const metrics = makeMetrics();
    let fails = false;
    const ledger = { append: async () => ({ seq: 1, hash: '' }) } as unknown as Tx['ledger'];
    const store: Store = {
      async transact(work) {
        const done = await work({ ledger } as Tx);
        if (fails) throw new Error('the commit failed');
        return done;
      },
    };
    const measured = measureStore(store, metrics);
    const entry: NewLedgerEntry = { chain: 'rollout:1', event: 'permit.taken', body: { track: 'tell' } };
    await measured.transact((tx) => tx.ledger.append(entry));
    fails = true;
    await expect(measured.transact((tx) => tx.ledger.append(entry))).rejects.toThrow('the commit failed');
    const samples = readExposition(await metrics.scrape());
    expect(valueOf(samples, 'allclear_permits_total', { step: 'taken', track: 'tell' })).toBe(1);
    expect(valueOf(samples, 'allclear_ledger_entries_total', { event: 'permit.taken' })).toBe(1);
    expect(valueOf(samples, 'allclear_transaction_seconds_count', { result: 'rolled-back' })).toBe(1);
  });
});

describe('costly counts', () => {
  test('are taken no more often than every 15 s, and the dearer they are the seldomer', async () => {
    const metrics = makeMetrics();
    let nowMs = 0;
    let countings = 0;
    let costMs = 0;
    cacheCounts(
      metrics,
      async () => {
        countings += 1;
        nowMs += costMs;
        return countings;
      },
      () => undefined,
      () => nowMs,
    );
    const scrapeAt = async (ms: number): Promise<number | undefined> => {
      nowMs = ms;
      return valueOf(readExposition(await metrics.scrape()), 'allclear_counts_age_seconds');
    };
    expect(await scrapeAt(0)).toBe(0);
    expect(await scrapeAt(14_000)).toBe(14);
    expect(countings).toBe(1);
    costMs = 2_000;
    await scrapeAt(15_000);
    expect(countings).toBe(2);
    expect(await scrapeAt(54_000)).toBe(39);
    expect(countings).toBe(2);
    await scrapeAt(55_000);
    expect(countings).toBe(3);
  });

  test('that hang hold no scrape up, and are begun once', async () => {
    const metrics = makeMetrics();
    let begun = 0;
    cacheCounts(
      metrics,
      () => {
        begun += 1;
        return new Promise<number>(() => undefined);
      },
      () => undefined,
    );
    const texts = await Promise.all([metrics.scrape(), metrics.scrape()]);
    expect(texts.every((text) => text.includes('allclear_counts_age_seconds'))).toBe(true);
    expect(begun).toBe(1);
  });
});

describe('the listener', () => {
  let listener: MetricsListener | null = null;
  afterEach(async () => listener?.stop());

  function input(metricsPort: number | null) {
    const lines: string[] = [];
    const log = makeLogger({ name: 'test', level: 'info', destination: { write: (line) => void lines.push(line) } });
    return { config: { metricsPort } as Config, log, lines };
  }

  test('is not there unless a port is named', async () => {
    expect(await listenForScrapes(input(null), makeMetrics())).toBeNull();
  });

  test('answers on this machine alone', async () => {
    listener = await listenForScrapes(input(0), makeMetrics());
    const url = listener?.url ?? '';
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[0-9]+\/metrics$/);
    expect(await (await fetch(url)).text()).toContain('process_cpu_seconds_total');
    expect((await fetch(url, { method: 'POST' })).status).toBe(404);
  });

  test('whose port is taken is said, and ends nothing', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const given = input((other.address() as AddressInfo).port);
    listener = await listenForScrapes(given, makeMetrics());
    expect(listener?.url).toBeNull();
    expect(given.lines.join('')).toContain('ALLCLEAR_METRICS_PORT cannot be used');
    other.close();
  });
});
