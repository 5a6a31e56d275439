import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeIfInstalled } from '../test/support/skip.ts';
import {
  chromiumCommand,
  desktop,
  joinBy,
  openBrowser,
  openPerson,
  phone,
  seriousFindings,
  widthBeyond,
} from './browser.ts';
import { startSample } from './sample.ts';
import type { Sample } from './sample.ts';

interface Added {
  readonly operator: string;
  readonly link: string;
}

interface Person {
  readonly page: Page;
  readonly errors: readonly string[];
}

/** Long enough for waves of the sample's pace; an event is awaited, never a time. */
const waveTimeoutMs = 120_000;

/** In the page: the grid of the picture has the colour that the page now gives it. */
function isDrawnInItsScheme(): boolean {
  const canvas = document.querySelector<HTMLCanvasElement>('.chart canvas');
  const drawn = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
  if (canvas === null || drawn === undefined) return false;
  const line = getComputedStyle(canvas).getPropertyValue('--axis-line').trim();
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(line.slice(at, at + 2), 16));
  for (let at = 0; at < drawn.length; at += 4)
    if (drawn[at] === red && drawn[at + 1] === green && drawn[at + 2] === blue && drawn[at + 3] === 255) return true;
  return false;
}

describeIfInstalled(chromiumCommand, 'the console is looked at in a browser', () => {
  let sample: Sample;
  let browser: Browser;
  let ben: Person;
  let cho: Person;
  let ann: Person;
  let total = 0;

  beforeAll(async () => {
    sample = await startSample();
    browser = await openBrowser();
    const first = await sample.verb<Added>('operator', 'add', '--name', 'ann', '--email', 'ann@chirp.example');
    const second = await sample.verb<Added>('operator', 'add', '--name', 'ben', '--email', 'ben@chirp.example');
    const key = (name: string): string => path.join(sample.home, 'operators', `${name}.key`);
    const add = ['operator', 'add', '--name', 'cho', '--email', 'cho@chirp.example', '--as', 'ann'];
    await sample.verb(...add);
    for (const name of ['ann', 'ben'])
      await sample.verb('operator', 'approve', 'operator_3', '--key', key(name), '--yes', '--as', name);
    const third = await sample.verb<Added>('operator', 'link', 'operator_3', '--key', key('cho'));
    ann = await openPerson(browser, desktop);
    ben = await openPerson(browser, desktop);
    cho = await openPerson(browser, phone);
    await joinBy(ann.page, first.link);
    await joinBy(ben.page, second.link);
    await joinBy(cho.page, third.link);
    const list = path.join(sample.home, 'rule.csv');
    const generator = ['examples/generator/main.ts', 'observed', '--named', '60', '--true-share', '0', '--out', list];
    await sample.script(...generator);
    await sample.verb('evidence', 'import', list, '--source', 'rule', '--class', 'observed', '--as', 'ann');
    const draft = ['plan', 'draft', '--evidence', 'batch_1', '--action', 'reset', '--notice', 'password-reset'];
    await sample.verb(...draft, '--as', 'ann');
    const shown = await sample.verb<{ counts: { total: number } }>('plan', 'show', 'plan_1', '--as', 'ann');
    total = shown.counts.total;
    expect(total).toBeGreaterThan(20);
  });

  afterAll(async () => {
    await browser?.close();
    await sample?.stop();
  });

  const address = (page: string): string => `${sample.consoleUrl}${page}`;

  async function linkOf(name: string, operator: number): Promise<string> {
    const key = path.join(sample.home, 'operators', `${name}.key`);
    return (await sample.verb<Added>('operator', 'link', `operator_${operator}`, '--key', key)).link;
  }

  async function sayYes({ page }: Person): Promise<void> {
    await page.goto(address('/plans/plan_1'));
    await page.getByRole('button', { name: 'Approve' }).click();
    const yes = page.getByRole('button', { name: 'Say yes with my passkey' });
    await page.getByLabel('How many people').fill(String(total + 1));
    await page.getByLabel('The directory’s name').fill('chirp');
    expect(await yes.isEnabled()).toBe(false);
    await page.getByLabel('How many people').fill(String(total));
    await yes.click();
    await page.getByText('Your yes is recorded.').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
  }

  it('a one-time link makes a passkey once, and nobody else gets in by it', async () => {
    const link = await linkOf('ann', 1);
    const own = await openPerson(browser, desktop);
    await joinBy(own.page, link);
    expect(new URL(own.page.url()).hash).toBe('');
    const stranger = await openPerson(browser, desktop);
    await stranger.page.goto(link);
    await stranger.page.getByLabel('A name for this passkey').fill('not mine');
    await stranger.page.getByRole('button', { name: 'Make the passkey' }).click();
    await stranger.page.getByRole('alert').waitFor();
    await stranger.page.goto(address('/'));
    await stranger.page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor();
    await own.page.context().close();
    await stranger.page.context().close();
  });

  it('a server that exports another plan than it shows gets no yes, and neither does one that offers another text', async () => {
    const { page } = await openPerson(browser, desktop);
    await joinBy(page, await linkOf('ben', 2));
    await page.route('**/plans/plan_1/exports', async (route) => {
      const response = await route.fetch();
      const lie = (await response.text()).replace(/"accountId":"[^"]*"/, '"accountId":"somebody-else"');
      await route.fulfill({ response, body: lie });
    });
    const yes = page.getByRole('button', { name: 'Say yes with my passkey' });
    const typeAll = async (): Promise<void> => {
      await page.goto(address('/plans/plan_1'));
      await page.getByRole('button', { name: 'Approve' }).click();
      await page.getByLabel('How many people').fill(String(total));
      await page.getByLabel('The directory’s name').fill('chirp');
    };
    await typeAll();
    await page.getByText('Do not approve this.').waitFor();
    expect(await yes.isEnabled()).toBe(false);
    expect(await seriousFindings(page)).toEqual([]);

    await page.unroute('**/plans/plan_1/exports');
    await page.route('**/approvals/options', async (route) => {
      const response = await route.fetch();
      const offer = (await response.json()) as { statement: string };
      const statement = offer.statement.replace(`"total":${total}`, `"total":${total + 1}`);
      await route.fulfill({ response, json: { ...offer, statement } });
    });
    await typeAll();
    await yes.click();
    await page.getByText('its total is another').waitFor();
    const shown = await sample.verb<{ approvals: { have: number } }>('plan', 'show', 'plan_1', '--as', 'ann');
    expect(shown.approvals.have).toBe(0);
    await page.context().close();
  });

  it('somebody without a key file is admitted by two who see the six words that their own browser showed them', async () => {
    const add = ['operator', 'add', '--name', 'dee', '--email', 'dee@chirp.example', '--role', 'approver'];
    const { link } = await sample.verb<Added>(...add, '--passkey-only', '--as', 'ann');
    const dee = await openPerson(browser, phone);
    await dee.page.goto(link);
    await dee.page.getByLabel('A name for this passkey').fill('a key of the test');
    await dee.page.getByRole('button', { name: 'Make the passkey' }).click();
    await dee.page.getByRole('heading', { name: 'Your passkey is made' }).waitFor();
    expect(await seriousFindings(dee.page)).toEqual([]);
    const words = await dee.page.locator('.digest-words').innerText();
    expect(words.split(' ')).toHaveLength(6);
    for (const { page } of [ben, cho]) {
      await page.goto(address('/settings'));
      await page.getByRole('button', { name: 'Admit dee' }).click();
      expect(await page.getByRole('alertdialog').locator('.digest-words').innerText()).toBe(words);
      await page.getByLabel('Their name').fill('dee');
      await page.getByRole('button', { name: 'Say yes with my passkey' }).click();
      await page.getByText('Your yes is recorded.').waitFor();
      await page.getByRole('button', { name: 'Close' }).click();
    }
    await dee.page.goto(address('/'));
    await dee.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await dee.page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
    await dee.page.setViewportSize({ width: 1_280, height: 900 });
    await dee.page.getByRole('button', { name: 'Sign out' }).click();
    await dee.page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor();
    await dee.page.context().close();
    expect(dee.errors).toEqual([]);
  });

  it('what waits is offered to two others than the author, who say yes by passkey to the total that they typed', async () => {
    await ann.page.goto(address('/'));
    await ann.page.getByText('Waits for others (1)').waitFor();
    await ben.page.goto(address('/'));
    await ben.page.getByRole('link', { name: 'Approve plan_1' }).waitFor();
    await sayYes(ben);
    expect(await ben.page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    await sayYes(cho);
    const shown = await sample.verb<{ approvals: { have: number } }>('plan', 'show', 'plan_1', '--as', 'ann');
    expect(shown.approvals.have).toBe(2);
  });

  it.each([
    ['/', 'Home'],
    ['/plans', 'Plans'],
    ['/plans/new', 'Draw up a plan'],
    ['/plans/plan_1', 'plan_1'],
    ['/rollouts', 'Rollouts'],
  ])('nothing serious stands in a reader’s way: %s', async (page, name) => {
    for (const person of [ben, cho]) {
      await person.page.goto(address(page));
      await person.page.getByRole('heading', { name, level: 1 }).waitFor();
      await person.page.waitForLoadState('networkidle');
      expect(await seriousFindings(person.page)).toEqual([]);
      expect(await widthBeyond(person.page)).toBeLessThanOrEqual(0);
    }
  });

  it('HALT is the first thing that the keyboard reaches after the skip link', async () => {
    await ben.page.goto(address('/plans/plan_1'));
    await ben.page.getByRole('heading', { name: 'plan_1', level: 1 }).waitFor();
    const focused = (): Promise<string> => ben.page.evaluate(() => document.activeElement?.textContent ?? '');
    await ben.page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the page');
    await ben.page.keyboard.press('Tab');
    expect(await focused()).toBe('HALT');
  });

  it('one person halts a running rollout by two key presses, and reads what stopped and what is beyond it', async () => {
    await ann.page.goto(address('/plans/plan_1'));
    await ann.page.getByRole('button', { name: 'Start' }).click();
    await ann.page.getByLabel('How many people').fill(String(total));
    await ann.page
      .getByRole('dialog')
      .or(ann.page.getByRole('alertdialog'))
      .getByRole('button', { name: 'Start' })
      .click();
    await ann.page.getByRole('heading', { name: 'Rollout of plan_1' }).waitFor();
    // The first wave is told: from here on there is something to halt.
    await cho.page.goto(address('/rollouts/plan_1'));
    await cho.page
      .getByText(/^\d+ done, \d+ not yet of \d+$/)
      .first()
      .waitFor({ timeout: waveTimeoutMs });
    // Evening comes while one looks: the picture follows, and does not wait for the next news.
    for (const colorScheme of ['light', 'dark'] as const) {
      await cho.page.emulateMedia({ colorScheme });
      await cho.page.waitForFunction(isDrawnInItsScheme);
    }

    await ben.page.goto(address('/plans'));
    await ben.page.getByRole('heading', { name: 'Plans', level: 1 }).waitFor();
    await ben.page.keyboard.press('Alt+Shift+H');
    await ben.page.getByRole('button', { name: 'HALT everything' }).waitFor();
    expect(await seriousFindings(ben.page)).toEqual([]);
    await ben.page.keyboard.press('Enter');
    await ben.page.getByText('Halted.', { exact: true }).waitFor();
    for (const words of ['In flight now', 'Handed to the mail server', 'Contained, untold'])
      await ben.page.getByText(words).waitFor();
    await ben.page.getByText('being counted').waitFor({ state: 'hidden' });
    expect(await seriousFindings(ben.page)).toEqual([]);

    const status = await sample.verb<{ phase: string; tracks: readonly { phase: string; haltedBy: string | null }[] }>(
      'rollout',
      'status',
      'plan_1',
      '--as',
      'ann',
    );
    expect(status.phase).toMatch(/^halted/);
    expect(status.tracks.some((track) => track.haltedBy === 'operator_2')).toBe(true);
  });

  it('a halt of somebody else is on every screen that is open, without a key pressed', async () => {
    await cho.page.getByText('halted', { exact: true }).first().waitFor();
    await ann.page.goto(address('/'));
    await ann.page
      .getByText(/is halted by ben \(operator_2\)/)
      .first()
      .waitFor();
    for (const person of [ann, cho]) expect(await seriousFindings(person.page)).toEqual([]);
    expect(await widthBeyond(cho.page)).toBeLessThanOrEqual(0);
  });

  it('no page complained of anything on the way', () => {
    expect([ann, ben, cho].flatMap(({ errors }) => errors)).toEqual([]);
  });
});
