import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readCredentials } from '../examples/scenarios/observe-world.ts';
import type { DrillAnswer } from '../src/contract/drill.ts';
import { describeIfInstalled } from '../test/support/skip.ts';
import { chromiumCommand, desktop, openBrowser, phone } from './browser.ts';
import { makeLookOver } from './look-over.ts';
import { openWatchedWorld } from './watched-world.ts';
import type { WatchedWorld, Watcher } from './watched-world.ts';

/** The fewest that a drill takes, so that it is over in seconds. */
const people = 60;
/** Its process, its database and its people are made; events are awaited, and this says that they do not come. */
const stageTimeoutMs = 120_000;
const drillDays = 90;
const dayMs = 86_400_000;

describeIfInstalled(chromiumCommand, 'a drill is held by two people in their browsers', () => {
  let watched: WatchedWorld;
  let browser: Browser;
  let ann: Watcher;
  let ben: Watcher;
  const lookOver = makeLookOver();

  beforeAll(async () => {
    // A sample needs no drill, and its right to start has no date.
    const settings = { ALLCLEAR_ENVIRONMENT: 'staging', ALLCLEAR_DRILL_PEOPLE: String(people) };
    watched = await openWatchedWorld({ size: 200, hasWorker: false, settings });
    browser = await openBrowser();
    const [first, second] = watched.world.crew.approvers;
    ann = await watched.seat(browser, first, desktop);
    ben = await watched.seat(browser, second, phone);
    for (const { page } of [ann, ben]) page.setDefaultTimeout(stageTimeoutMs);
  });

  afterAll(async () => {
    await browser?.close();
    await watched?.close();
  });

  async function open({ page }: Watcher, path: string, title: string): Promise<void> {
    await page.goto(`${watched.consoleUrl}${path}`);
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
  }

  /** Types what the dialog asks for, as it stands beside it, and touches the passkey. */
  async function sayYes(page: Page, total: number): Promise<void> {
    const yes = page.getByRole('button', { name: 'Say yes with my passkey' });
    await page.getByText('Computed in this browser').waitFor();
    expect(await yes.isEnabled()).toBe(false);
    await page.getByLabel('How many people').fill(String(total));
    await page.getByLabel('The directory’s name').fill('rehearsal');
    await lookOver.look(page, 'a yes in a drill');
    await yes.click();
    await page.getByText('Your yes is recorded.').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
  }

  it('from its beginning to the date until which they may start rollouts, and nobody who exists is touched', async () => {
    const before = await readCredentials(watched.world.chirp.databaseUrl);
    await open(ann, '/drills', 'Drills');
    await ann.page.getByText('not there yet').waitFor();
    await ann.page.getByRole('button', { name: 'Begin a drill …' }).click();
    await ann.page.getByRole('button', { name: 'Begin it' }).click();
    await ann.page.getByRole('heading', { name: 'drill_1', level: 1 }).waitFor();

    // The approver, on a phone.
    await open(ben, '/drills/drill_1', 'drill_1');
    await ben.page.getByText('Its plan waits for one yes.').waitFor();
    await lookOver.look(ben.page, 'a drill that waits for a yes');
    const words = await ben.page.locator('.digest-words').innerText();
    expect(words).toBe(await ann.page.locator('.digest-words').innerText());
    await ben.page.getByRole('button', { name: /^Say yes to plan_\d+/ }).click();
    await sayYes(ben.page, people);

    // Told on both screens, without a reload; whoever would halt does.
    await ann.page.getByText(/[1-9]\d* made-up people have been told/).waitFor();
    await lookOver.look(ann.page, 'a drill that waits for its halt');
    // The control at the top goes on meaning what is real, and says so to whoever meant the other.
    await ann.page.keyboard.press('Alt+Shift+H');
    await ann.page.getByText('This halts what is real, and nothing of the drill.').waitFor();
    await lookOver.look(ann.page, 'the real halt, beside a drill');
    await ann.page.getByRole('button', { name: 'Leave it' }).click();
    await ann.page.getByRole('button', { name: 'HALT the drill …' }).click();
    await ann.page.getByRole('button', { name: /^HALT plan_\d+$/ }).click();
    await ann.page.getByText('Halted.', { exact: true }).waitFor();
    await lookOver.look(ann.page, 'a halt in a drill');
    await ann.page.getByRole('button', { name: 'Close' }).click();

    // Two yeses to the way back, and it goes.
    for (const { page } of [ann, ben]) {
      await page.getByText('Halted, and the evidence is withdrawn.').waitFor();
      const asked = await page.getByText(/ is drawn up: /).innerText();
      const total = Number(/drawn up: (\d+)/.exec(asked)?.[1]);
      await lookOver.look(page, 'a drill that waits for two');
      await page.getByRole('button', { name: /^Approve retraction_\d+$/ }).click();
      await sayYes(page, total);
      if (page !== ben.page) continue;
      await page.getByRole('button', { name: 'Go …' }).click();
      await page.getByLabel('How many people').fill(String(total));
      await page.getByRole('button', { name: 'Go', exact: true }).click();
      await page.getByText('It runs.', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Close' }).click();
    }

    for (const { page } of [ann, ben]) {
      await page.getByText('Passed: the right to start is renewed').waitFor();
      await page.getByText(/a rollout can be started until \d{4}-/).waitFor();
      await lookOver.look(page, `a drill that was passed, ${page === ann.page ? 'at a desk' : 'on a phone'}`);
    }
    const shown: DrillAnswer = JSON.parse(JSON.stringify(await watched.world.services.showDrill(null)));
    const [first, second] = watched.world.crew.approvers;
    expect(shown).toMatchObject({
      state: 'passed',
      report: {
        agreedBy: second.id,
        haltedBy: first.id,
        approvedBy: expect.arrayContaining([first.id, second.id]),
        figures: { wrong: 0, strayMails: 0 },
        reasons: [],
      },
    });
    const { standing, until } = await watched.world.services.listDrills(1);
    expect(standing).toBe('fresh');
    expect(until?.getTime()).toBe(Date.parse(shown.endedAt ?? '') + drillDays * dayMs);
    const day = until?.toISOString().slice(0, 10) ?? '';
    await ann.page.getByText(`a rollout can be started until ${day}`).waitFor();
    // Past the product: nobody of the live directory was touched, and nobody mailed.
    expect(await readCredentials(watched.world.chirp.databaseUrl)).toEqual(before);
    expect(watched.world.mailbox.count()).toBe(0);
  });

  it('who signed out in earnest is out of a drill as well', async () => {
    const { page } = ben;
    const asked = (): Promise<number> =>
      page.evaluate(async () => (await fetch('/drill/api/v1/deployment', { credentials: 'same-origin' })).status);
    await open(ann, '/drills', 'Drills');
    await ann.page.getByRole('button', { name: 'Begin a drill …' }).click();
    await ann.page.getByRole('button', { name: 'Begin it' }).click();
    await ann.page.getByText('Its plan waits for one yes.').waitFor();
    expect(await asked()).toBe(200);
    await page.evaluate(() =>
      fetch('/api/v1/sessions/current', { method: 'DELETE', headers: { 'x-allclear-console': '1' } }),
    );
    expect(await asked()).toBe(401);
  });

  it('nothing stood in a reader’s way, and no page complained', () => {
    expect(lookOver.findings()).toEqual([]);
    expect(lookOver.places().length).toBeGreaterThan(5);
    expect([...ann.errors, ...ben.errors].filter((error) => !/\/drill\/api\//.test(error))).toEqual([]);
  });
});
