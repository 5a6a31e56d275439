import path from 'node:path';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { passwordOf } from '../examples/chirp/population/ground-truth.ts';
import type { Person } from '../examples/chirp/population/ground-truth.ts';
import { approvedPlan, importLeaked, plainPeople } from '../examples/scenarios/campaign.ts';
import { makeChirpClient } from '../examples/scenarios/chirp-client.ts';
import { mailsTo } from '../examples/scenarios/observe-world.ts';
import { parseMessage } from '../src/adapters/embedded/mailbox-message.ts';
import type { PlanId } from '../src/domain/shared/ids.ts';
import { openBrowser as openReader } from '../test/recovery/recovery-world.ts';
import { describeIfInstalled } from '../test/support/skip.ts';
import { chromiumCommand, desktop, openBrowser, phone, seriousFindings, widthBeyond } from './browser.ts';
import { openWatchedWorld } from './watched-world.ts';
import type { WatchedWorld } from './watched-world.ts';

/** Where pictures for the docs are put; none without it. */
const pictures = process.env['E2E_PICTURES'];

const waves = [10, 20, 60] as const;
const targets = 110;
/** Of each wave so many come back: the third meets a recovery that is broken. */
const comeBack = [5, 13, 1] as const;
const newPassword = 'sparrow-in-the-attic 4';
const codeLine = /^\s*([2-9A-HJ-KM-NP-Z]{4}-[2-9A-HJ-KM-NP-Z]{4})\s*$/m;

/** Some at a time: hashing takes the processor. */
async function eachOf<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += 4) await Promise.all(items.slice(from, from + 4).map(act));
}

describeIfInstalled(chromiumCommand, 'who comes back is looked at in a browser', () => {
  let watched: WatchedWorld;
  let browser: Browser;
  let own: pg.Client;
  let plan: PlanId;

  beforeAll(async () => {
    watched = await openWatchedWorld({
      size: 1_000,
      settings: {
        ALLCLEAR_LIMIT_TELL_WAVE_SIZES: [...waves, 1_000].join(','),
        ALLCLEAR_LIMIT_TELL_SOAK_SECONDS: '0,0,900',
        ALLCLEAR_LIMIT_CONTAIN_WAVE_SIZES: '1000',
        ALLCLEAR_LIMIT_CONTAIN_SOAK_SECONDS: '0',
        ALLCLEAR_LIMIT_SIGN_IN_AGES: '3600,86400',
        ALLCLEAR_RECOVERY: 'hosted',
        ALLCLEAR_TRUSTED_PROXIES: '127.0.0.1',
        ALLCLEAR_MAIL_RATE: '20/s 50000/d',
        ALLCLEAR_MAIL_RATE_EACH_DOMAIN: '10/s 2000/h',
      },
    });
    const { world } = watched;
    own = new pg.Client({ connectionString: world.env['DATABASE_URL'], options: '-c search_path=allclear' });
    await own.connect();
    browser = await openBrowser();
    const batch = await importLeaked(world, plainPeople(world, 41).slice(0, targets), 'collection');
    const approved = await approvedPlan(world, [batch], { budget: 'attack' });
    plan = approved.id;
    await world.services.startRollout(plan, approved.total, world.crew.author.id);
    await vi.waitFor(
      async () => {
        const { rowCount } = await own.query('SELECT FROM sign_in_count WHERE wave = 3');
        expect(rowCount).toBeGreaterThan(0);
      },
      { timeout: 120_000, interval: 500 },
    );
  });

  afterAll(async () => {
    await browser?.close();
    await own?.end();
    await watched?.close();
  });

  function personOf(accountId: string): Person {
    const person = watched.world.chirp.truth.people.find((one) => one.accountId === accountId);
    if (person === undefined) throw new Error('nobody of Chirp');
    return person;
  }

  async function signIn({ address }: Person, password: string): Promise<void> {
    const answer = await makeChirpClient(watched.world.chirp.url).signIn(address, password);
    expect(answer.status).toBe(200);
  }

  /** On our own pages, with the code out of the mailbox. */
  async function recover(person: Person): Promise<void> {
    const { world } = watched;
    const reader = openReader(world.serverUrl);
    await reader.post('/recover', { address: person.address });
    const code = await vi.waitFor(
      async () => {
        const texts = await Promise.all(
          mailsTo(world.mailbox, person.address).map(async (mail) => (await parseMessage(mail)).text),
        );
        const found = texts.map((text) => codeLine.exec(text)?.[1]).find((one) => one !== undefined);
        if (found === undefined) throw new Error('no code has come yet');
        return found;
      },
      { timeout: 20_000 },
    );
    await reader.post('/recover/code', { code });
    await reader.post('/recover/password', { password: newPassword, again: newPassword });
    await signIn(person, newPassword);
  }

  /** As if the age had come: nobody waits for a day in a test. */
  async function count(ageSeconds: number, most: number): Promise<void> {
    await own.query('UPDATE sign_in_count SET due_at = clock_timestamp() WHERE age_seconds = $1 AND wave <= $2', [
      ageSeconds,
      most,
    ]);
    await vi.waitFor(
      async () => {
        const { rowCount } = await own.query(
          'SELECT FROM sign_in_count WHERE due_at < clock_timestamp() AND read_at IS NULL',
        );
        expect(rowCount).toBe(0);
      },
      { timeout: 30_000, interval: 200 },
    );
  }

  it('shows each wave beside the control group, with what is held and why, on a desk and on a phone', async () => {
    const { world } = watched;
    const rows = await world.installation.store.transact((tx) => tx.plans.targets(plan, 0, targets));
    const group = (await world.installation.store.transact((tx) => tx.controls.rows(plan))).map(({ accountId }) =>
      personOf(accountId ?? ''),
    );
    expect(group.length).toBeGreaterThan(80);
    await eachOf(group.slice(0, Math.round(group.length * 0.3)), (person) => signIn(person, passwordOf(person) ?? ''));
    let from = 0;
    for (const [at, size] of waves.entries()) {
      const end = from + size;
      const wave = rows.filter(({ tellOrdinal }) => tellOrdinal !== null && tellOrdinal >= from && tellOrdinal < end);
      await eachOf(wave.slice(0, comeBack[at]), ({ accountId }) => recover(personOf(accountId)));
      from = end;
    }
    await count(3_600, 3);
    await eachOf(group.slice(-Math.round(group.length * 0.2)), (person) => signIn(person, passwordOf(person) ?? ''));
    await count(86_400, 2);

    const seat = async (options: Parameters<WatchedWorld['seat']>[2], who = world.crew.approvers[0]) => {
      const person = await watched.seat(browser, who, options);
      await look(person.page);
      return person;
    };
    const light = await seat(desktop);
    const card = cardOf(light.page, 'Back in again');
    const words = await card.innerText();
    expect(words).toMatch(/13 of 20 \(65 %\)/);
    expect(words).toMatch(/1 of 60 \(1.7 %\)/);
    expect(words).toMatch(/short: the next wave is held/);
    expect(words).toContain('New password');
    await shoot(light.page, 'desktop-light');
    await light.page.emulateMedia({ colorScheme: 'dark' });
    await shoot(light.page, 'desktop-dark');
    await light.page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
    expect(await widthBeyond(light.page)).toBe(0);
    await shoot(light.page, 'desktop-rtl');
    await light.page.evaluate(() => document.documentElement.removeAttribute('dir'));
    await light.page.emulateMedia({ colorScheme: 'light' });
    await light.page.setViewportSize({ width: 390, height: 844 });
    await look(light.page);
    await shoot(light.page, 'phone-light');
    const dark = await seat(phone, world.crew.approvers[1]);
    await shoot(dark.page, 'phone-dark');
    expect([...light.errors, ...dark.errors]).toEqual([]);
  });

  const cardOf = (page: Page, title: string) =>
    page.locator('section.card').filter({ has: page.getByRole('heading', { name: title, exact: true }) });

  async function look(page: Page): Promise<void> {
    await page.goto(`${watched.consoleUrl}/rollouts/${plan}`);
    await cardOf(page, 'Back in again').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(await widthBeyond(page)).toBe(0);
  }

  /** In a window as high as the page: what stays in place while it scrolls would lie over the card. */
  async function shoot(page: Page, name: string): Promise<void> {
    if (pictures === undefined) return;
    const size = page.viewportSize() ?? { width: 1_280, height: 900 };
    await page.setViewportSize({ ...size, height: 6_000 });
    await cardOf(page, 'Back in again').screenshot({ path: path.join(pictures, `${name}-back.png`) });
    await cardOf(page, 'Rate of mail').screenshot({ path: path.join(pictures, `${name}-rate.png`) });
    await page.setViewportSize(size);
  }
});
