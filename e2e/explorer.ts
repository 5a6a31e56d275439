import type { Locator, Page } from 'playwright-core';
import { desktop, phone, seriousFindings } from './browser.ts';

export interface Exploring {
  readonly page: Page;
  /** Pages to begin with; others are found by their links. */
  readonly pages: readonly string[];
  /** What is typed into fields, beside nonsense: what confirm dialogs ask for. */
  readonly words: readonly string[];
  readonly seed: number;
  readonly actions: number;
  readonly minutes: number;
  /** Signs in again where it signed itself out. Whether it had to. */
  readonly comeBack: (page: Page) => Promise<boolean>;
  readonly tell?: (line: string) => void;
}

export interface Explored {
  readonly actions: number;
  readonly looks: number;
  readonly pages: readonly string[];
  /** Each once, with how often it was seen and what was done just before the first time. */
  readonly errors: readonly Found[];
  readonly findings: readonly Found[];
}

export interface Found {
  readonly what: string;
  readonly where: string;
  readonly after: string;
  count: number;
}

/** Axe takes most of a second. */
const lookEvery = 20;
/** A page that answers nothing to a click within this does not hold the walk up. */
const actionTimeoutMs = 1_500;
/** For what an action sets off: answers of a server on the same machine. */
const settleMs = 60;
const nonsense = ['', '0', '-1', '99999999999', 'x', '💥 ‮rtl ', '<b>bold</b>', "' OR 1=1 --", 'ä'.repeat(300)];
const keys = ['Tab', 'Tab', 'Tab', 'Enter', 'Escape', 'Space', 'ArrowDown', 'Alt+Shift+H', 'Shift+Tab'];
const touchable =
  'a[href], button, summary, input, select, textarea, [role="button"], [role="option"], [role="row"], [role="tab"], label';

/** Walks a site at random, the same walk for the same seed as far as the site is the same, and notes whatever it complains of. */
export async function explore(given: Exploring): Promise<Explored> {
  const { page, seed, comeBack } = given;
  const next = makeRandom(seed);
  const errors = new Map<string, Found>();
  const findings = new Map<string, Found>();
  const pages = new Set(given.pages);
  let last = 'the start';
  let actions = 0;
  let looks = 0;
  const note = (into: Map<string, Found>, what: string): void => {
    const where = patternOf(page.url());
    const key = `${where} ${what.replaceAll(/\d+/g, 'N')}`;
    const known = into.get(key);
    if (known === undefined) into.set(key, { what, where, after: last, count: 1 });
    else known.count += 1;
  };
  page.on('pageerror', (error) => note(errors, `uncaught: ${error.message}`));
  page.on('crash', () => note(errors, 'the page crashed'));
  page.on('response', (response) => {
    if (response.status() >= 500) note(errors, `${response.status()} at ${patternOf(response.url())}`);
  });
  page.on('console', (message) => {
    // A refusal is an answer, which the browser calls an error.
    if (message.type() === 'error' && !/the server responded with a status of/.test(message.text()))
      note(errors, `said: ${message.text()}`);
  });
  page.on('dialog', (dialog) => void dialog.dismiss().catch(() => undefined));
  const untilMs = performance.now() + given.minutes * 60_000;
  await page.goto(given.pages[0] ?? '/');
  const origin = new URL(page.url()).origin;
  for (; actions < given.actions && performance.now() < untilMs; actions += 1) {
    try {
      if (!page.url().startsWith(origin)) await page.goto(given.pages[0] ?? '/');
      if (await comeBack(page)) last = 'signed in again';
      last = await act(page, given, next, [...pages]);
    } catch (error) {
      // Covered, gone, or slow: nothing of the site's.
      last = `${last} (${String(error).split('\n')[0]?.slice(0, 80)})`;
    }
    await page.waitForTimeout(settleMs);
    for (const href of await linksOf(page)) if (pages.size < 300) pages.add(href);
    if (
      await page
        .getByRole('heading', { name: 'This page broke' })
        .count()
        .catch(() => 0)
    )
      note(errors, 'the page broke');
    if (actions % lookEvery === lookEvery - 1) {
      looks += 1;
      // While a page goes there is nothing to look at.
      for (const finding of await seriousFindings(page).catch(() => [])) note(findings, finding);
      given.tell?.(
        `${actions + 1} actions, ${errors.size} errors, ${findings.size} serious findings; ${patternOf(page.url())}`,
      );
    }
  }
  return {
    actions,
    looks,
    pages: [...pages].map(patternOf),
    errors: [...errors.values()],
    findings: [...findings.values()],
  };
}

/** Does one thing and says what. */
async function act(
  page: Page,
  { words, pages }: Exploring,
  next: () => number,
  known: readonly string[],
): Promise<string> {
  const dice = next();
  if (dice < 0.06) {
    const to = pick(next() < 0.5 ? pages : known, next) ?? '/';
    await page.goto(to);
    return `went to ${to}`;
  }
  if (dice < 0.09) {
    await (next() < 0.5 ? page.goBack({ timeout: actionTimeoutMs }) : page.reload());
    return 'went back, or read the page anew';
  }
  if (dice < 0.1) {
    const { viewport } = next() < 0.5 ? desktop : phone;
    if (viewport !== undefined && viewport !== null) await page.setViewportSize(viewport);
    return 'turned the window';
  }
  if (dice < 0.2) {
    const key = pick(keys, next) ?? 'Tab';
    await page.keyboard.press(key);
    return `pressed ${key}`;
  }
  const all = await page.locator(touchable).filter({ visible: true }).all();
  const one = pick(all, next);
  if (one === undefined) return 'found nothing to touch';
  const { tag, type, name } = await describe(one);
  if (tag === 'select') {
    const values = await one
      .locator('option')
      .evaluateAll((options) => options.map((option) => option.getAttribute('value') ?? ''));
    await one.selectOption(pick(values, next) ?? '', { timeout: actionTimeoutMs });
  } else if (tag === 'input' && type === 'file') {
    const text = pick(['', 'a@b.example:secret\n', 'account_id,event_id,time,rule\nx,y,z,w\n'], next) ?? '';
    await one.setInputFiles(
      { name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(text) },
      { timeout: actionTimeoutMs },
    );
  } else if (tag === 'textarea' || (tag === 'input' && !['checkbox', 'radio', 'button', 'submit'].includes(type))) {
    await one.fill(pick(next() < 0.7 ? words : nonsense, next) ?? '', { timeout: actionTimeoutMs });
    if (next() < 0.2) await page.keyboard.press('Enter');
  } else {
    await one.click({ timeout: actionTimeoutMs, ...(next() < 0.05 ? { clickCount: 2 } : {}) });
  }
  return `touched ${tag} "${name}"`;
}

function describe(one: Locator): Promise<{ readonly tag: string; readonly type: string; readonly name: string }> {
  return one.evaluate(
    (element) => ({
      tag: element.tagName.toLowerCase(),
      type: (element.getAttribute('type') ?? 'text').toLowerCase(),
      name: (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40),
    }),
    undefined,
    { timeout: actionTimeoutMs },
  );
}

/** Of this site. */
function linksOf(page: Page): Promise<readonly string[]> {
  return page
    .locator('a[href^="/"]')
    .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href.split('#')[0] ?? ''))
    .catch(() => []);
}

/** Without numbers and queries: /plans/plan_N. */
function patternOf(url: string): string {
  if (!URL.canParse(url)) return url;
  return new URL(url).pathname.replaceAll(/\d+/g, 'N');
}

function pick<T>(from: readonly T[], next: () => number): T | undefined {
  return from[Math.floor(next() * from.length)];
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function makeRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
