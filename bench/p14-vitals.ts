import { chromium } from 'playwright-core';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { openBenchWorld } from './bench-world.ts';
import type { Benchmark, Side, SideResult } from './benchmark.ts';
import { startServer } from './started.ts';

/** Where Debian puts it. */
const chromiumPath = '/usr/bin/chromium';
/** A cheap phone on a slow mobile network, as page audits usually take it: four times slower than here, 1.6 Mbit/s, 150 ms there and back. */
const slowdown = 4;
const network = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 };
/** What still moves after this is not counted; nothing of these pages comes later. */
const settleMs = 700;
/** Work of the page shorter than this keeps nobody waiting. */
const longTaskMs = 50;

const lcp = 'ms to the largest text (LCP)';
const shift = 'shift of what is read, in thousandths (CLS)';
const blocked = 'ms blocked (TBT)';
const weight = 'bytes over the wire';
const requests = 'requests';

/** Google's bounds for "good", at the 75th percentile of visits; the weight is ours. */
const goals = { [lcp]: 2_500, [shift]: 100, [blocked]: 200, [weight]: 20_000 } as const;

export const vitalsBenchmark: Benchmark = {
  title: 'the public pages on a slow phone',
  unit: 'visits of each page',
  isOfOtherPrograms: true,
  size: 5,
  rounds: 3,
  async open(size) {
    const world = await openBenchWorld();
    const server = await startServer({ ...world.env, ALLCLEAR_TRUSTED_PROXIES: '127.0.0.1', BENCH_ACCOUNTS: '1000' });
    const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-gpu'] });
    const number = world.noticeNumbers('plan_1', 'account-1' as Parameters<typeof world.noticeNumbers>[1], 'notice');
    const origin = `http://127.0.0.1:${server.port}`;
    const side = (name: string, path: string, then?: (page: Page) => Promise<void>): Side => ({
      name,
      async run() {
        const seen: Readonly<Record<string, number>>[] = [];
        for (let visit = 0; visit < size; visit += 1)
          seen.push(await visitOnce(browser, `${origin}${path}`, visit, then));
        return { units: size, facts: middle(seen) };
      },
    });
    return {
      postmasterPid: world.postmasterPid,
      sides: [
        side('the front page', '/'),
        side('is this genuine? (from the link of a notice)', `/notices/${number}`),
        side('its answer, after number and address were typed', `/notices/${number}`, async (page) => {
          await page.locator('#address').fill('holder@mail.example');
          await Promise.all([page.waitForLoadState('load'), page.locator('form button').first().click()]);
        }),
        side('my status', '/my-status'),
        side('status, with its history', '/status'),
        side('an appeal', '/appeal'),
        side('recovery, by the service’s own page', '/recover'),
      ],
      conclude: (results) => Object.entries(goals).map(([fact, most]) => conclusionOf(results, fact, most)),
      async close() {
        await browser.close();
        await server.stop();
        await world.close();
      },
    };
  },
};

/** A person who never was here before: nothing is kept from one visit to the next. */
async function visitOnce(
  browser: Browser,
  url: string,
  visit: number,
  then?: (page: Page) => Promise<void>,
): Promise<Readonly<Record<string, number>>> {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 3,
    isMobile: true,
    hasTouch: true,
    // Each visitor is somebody else, as the proxy in front says.
    extraHTTPHeaders: { 'x-forwarded-for': `198.51.100.${visit}` },
  });
  try {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', network);
    await page.addInitScript(watch);
    let wire = countWire(devtools);
    const answer = await page.goto(url, { waitUntil: 'load' });
    if (answer === null || answer.status() >= 500) throw new Error(`${url}: ${answer?.status() ?? 'no answer'}`);
    if (then !== undefined) {
      wire = countWire(devtools);
      await then(page);
    }
    await page.waitForTimeout(settleMs);
    const seen = await page.evaluate(() => (globalThis as unknown as { readonly vitals: Vitals }).vitals);
    const late = seen.tasks.reduce((sum, ms) => sum + Math.max(0, ms - longTaskMs), 0);
    return {
      [lcp]: seen.lcp,
      [shift]: 1_000 * seen.shift,
      [blocked]: late,
      [weight]: wire.bytes,
      [requests]: wire.requests,
    };
  } finally {
    await context.close();
  }
}

interface Vitals {
  lcp: number;
  shift: number;
  readonly tasks: number[];
}

/** Runs in the page, before anything of it. */
function watch(): void {
  const vitals: Vitals = { lcp: 0, shift: 0, tasks: [] };
  Object.assign(globalThis, { vitals });
  const on = (type: string, hear: (entry: PerformanceEntry) => void): void =>
    new PerformanceObserver((list) => list.getEntries().forEach(hear)).observe({ type, buffered: true });
  on('largest-contentful-paint', (entry) => (vitals.lcp = entry.startTime));
  on('layout-shift', (entry) => {
    const { value, hadRecentInput } = entry as unknown as { readonly value: number; readonly hadRecentInput: boolean };
    if (!hadRecentInput) vitals.shift += value;
  });
  on('longtask', (entry) => vitals.tasks.push(entry.duration));
}

function countWire(devtools: CDPSession): { bytes: number; requests: number } {
  const wire = { bytes: 0, requests: 0 };
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
    wire.bytes += encodedDataLength;
    wire.requests += 1;
  });
  return wire;
}

/** The median of each. */
function middle(seen: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.keys(seen[0] ?? {}).map((fact) => {
      const sorted = seen.map((one) => one[fact] ?? Number.NaN).toSorted((a, b) => a - b);
      return [fact, sorted[sorted.length >> 1] ?? Number.NaN];
    }),
  );
}

function conclusionOf(results: readonly SideResult[], fact: string, most: number) {
  const worst = results.toSorted((a, b) => (b.facts[fact] ?? 0) - (a.facts[fact] ?? 0))[0];
  const value = worst?.facts[fact] ?? Number.NaN;
  return {
    goal: `every page: at most ${most} ${fact}`,
    value: `${value.toFixed(0)} (${worst?.name ?? ''})`,
    isMet: value <= most,
  };
}
