import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeIfInstalled } from '../test/support/skip.ts';
import {
  chromiumCommand,
  desktop,
  dropFile,
  joinBy,
  openBrowser,
  openPerson,
  phone,
  seriousFindings,
  smallTargets,
  tabThrough,
  widthBeyond,
} from './browser.ts';
import { startSample } from './sample.ts';
import type { Sample } from './sample.ts';

interface Person {
  readonly page: Page;
  readonly errors: readonly string[];
}

/** Long enough for waves of the sample's pace, on a machine that does other things as well; an event is awaited, never a time. */
const waveTimeoutMs = 120_000;
/** Past the menu and some way into each page. */
const tabsPressed = 24;
/** Of the leaked list: each password of it is really run through its account's scrypt. */
const leakLines = 200;

describeIfInstalled(chromiumCommand, 'the other pages of the console are looked at in a browser', () => {
  let sample: Sample;
  let browser: Browser;
  /** At a desk by day, at a desk by night, and on a phone by night. */
  let ann: Person;
  let ben: Person;
  let cho: Person;
  let rule = '';
  let leak = '';
  let total = 0;
  let account = '';

  beforeAll(async () => {
    sample = await startSample();
    browser = await openBrowser();
    const key = (name: string): string => path.join(sample.home, 'operators', `${name}.key`);
    const add = (name: string): string[] => ['operator', 'add', '--name', name, '--email', `${name}@chirp.example`];
    const first = await sample.verb<{ link: string }>(...add('ann'));
    const second = await sample.verb<{ link: string }>(...add('ben'));
    await sample.verb(...add('cho'), '--as', 'ann');
    for (const name of ['ann', 'ben'])
      await sample.verb('operator', 'approve', 'operator_3', '--key', key(name), '--yes', '--as', name);
    const third = await sample.verb<{ link: string }>('operator', 'link', 'operator_3', '--key', key('cho'));
    await verb('operator', 'token', 'operator_3', '--key', key('cho'), '--as', 'cho');
    ann = await openPerson(browser, desktop);
    ben = await openPerson(browser, { ...desktop, colorScheme: 'dark' });
    cho = await openPerson(browser, phone);
    for (const { page } of [ann, ben, cho]) page.setDefaultTimeout(waveTimeoutMs);
    await joinBy(ann.page, first.link);
    await joinBy(ben.page, second.link);
    await joinBy(cho.page, third.link);
    rule = path.join(sample.home, 'rule.csv');
    leak = path.join(sample.home, 'leak.txt');
    const generator = 'examples/generator/main.ts';
    await sample.script(generator, 'observed', '--named', '60', '--true-share', '0', '--out', rule);
    await sample.script(generator, 'credentials', '--lines', '1000', '--right', '0.03', '--out', leak);
    await writeFile(leak, linesOf(await readFile(leak), leakLines));
  });

  afterAll(async () => {
    await browser?.close();
    await sample?.stop();
  });

  /** What has to be done, and is not only asked for. */
  async function verb<Result>(...args: readonly string[]): Promise<Result> {
    const said = await sample.verb<Result & { readonly error?: unknown }>(...args);
    if (said.error !== undefined) throw new Error(JSON.stringify(said.error));
    return said;
  }

  async function open({ page }: Person, where: string, title: string): Promise<void> {
    await page.goto(`${sample.consoleUrl}${where}`);
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
  }

  /** Nothing serious in a reader's way, and nobody has to scroll sideways. */
  async function isFitToRead({ page }: Person): Promise<void> {
    expect(await seriousFindings(page)).toEqual([]);
    expect(await widthBeyond(page)).toBeLessThanOrEqual(0);
  }

  it('a list is imported by drag and drop, and its format is shown before anything of it is sent', async () => {
    const { page } = ann;
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') asked.push(new URL(request.url()).pathname);
    });
    await open(ann, '/evidence/new', 'Import a list');
    await isFitToRead(ann);
    await dropFile(page, page.getByText('Drop a list here'), rule);
    await page.getByText('Nothing of it has left this browser.').waitFor();
    await page.getByText('It looks like observed.').waitFor();
    expect(asked).toEqual([]);
    await page.getByLabel('What its lines are').selectOption('observed');
    await page.getByText('account_id,event_id,time,rule on each line').waitFor();
    await isFitToRead(ann);
    await page.getByLabel('Source').fill('rule');
    // A hand that trembles: both presses before the page has drawn that the first one works.
    await page.locator('main form').evaluate((form: HTMLFormElement) => {
      form.requestSubmit();
      form.requestSubmit();
    });
    await page.getByText('Imported.', { exact: true }).waitFor();
    expect(asked).toEqual(['/api/v1/evidence']);
    expect(await page.getByText('Nothing of it has left this browser.').count()).toBe(0);
    await isFitToRead(ann);
    // Nothing is left to be pressed again; whoever works by keyboard stands at what came of it.
    expect(await page.getByRole('button', { name: 'Import', exact: true }).count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Imported.');
    await page.getByRole('link', { name: 'Draw up a plan on it' }).click();
    expect(await page.getByRole('checkbox', { name: /^batch_1:/ }).isChecked()).toBe(true);
    await page.goBack();
    await page.getByText('Drop a list here').waitFor();
    expect(asked).toEqual(['/api/v1/evidence']);
  });

  it('a dirty list chosen as a file on a phone says by reason which of its lines were refused', async () => {
    const { page } = cho;
    await open(cho, '/evidence/new', 'Import a list');
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Choose a file …' }).click(),
    ]);
    await chooser.setFiles(leak);
    await page.getByText('Nothing of it has left this browser.').waitFor();
    await isFitToRead(cho);
    await page.getByLabel('Source').fill('collection-9');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('link', { name: /^batch_2/ }).click();
    await page.getByRole('heading', { name: 'batch_2', level: 1 }).waitFor();
    await page.getByText('Refused lines, by reason').waitFor();
    await isFitToRead(cho);
    await open(ben, '/evidence/batch_2', 'batch_2');
    await isFitToRead(ben);
    for (const person of [ann, ben, cho]) {
      await open(person, '/evidence', 'Evidence');
      await person.page.getByRole('link', { name: 'batch_2' }).waitFor();
      await isFitToRead(person);
    }
  });

  it('nothing of a batch is withdrawn before its effect was read and its number typed', async () => {
    const { page } = ben;
    await open(ben, '/evidence/batch_2', 'batch_2');
    expect(await page.getByRole('button', { name: 'Withdraw …' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Show its effect' }).click();
    await page.getByText('Nothing has happened yet.').waitFor();
    await isFitToRead(ben);
    const pieces = await page.locator('.figures > div', { hasText: 'Pieces of evidence that fall' }).innerText();
    const count = /([\d,]+)/.exec(pieces)?.[1] ?? '';
    await page.getByLabel('Why it is taken back').selectOption('own-export');
    await page.getByLabel('In words').fill('The list never left us.');
    await page.getByRole('button', { name: 'Withdraw …' }).click();
    const dialog = page.getByRole('alertdialog');
    const withdraw = dialog.getByRole('button', { name: 'Withdraw', exact: true });
    expect(await withdraw.isEnabled()).toBe(false);
    await isFitToRead(ben);
    await dialog.getByLabel('How many pieces of evidence').fill(count);
    await withdraw.click();
    await page.getByText('Withdrawn:').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    const report = await verb<{ tally: { classes: readonly { state: string }[] } }>(
      'evidence',
      'show',
      'batch_2',
      '--as',
      'ann',
    );
    expect(new Set(report.tally.classes.map(({ state }) => state))).toEqual(new Set(['withdrawn']));
  });

  it('from something is wrong to done is one page, which says what comes first', async () => {
    await verb(...inWords('plan draft --evidence batch_1 --action reset --notice password-reset --as ann'));
    const shown = await verb<{ digest: string; counts: { total: number } }>('plan', 'show', 'plan_1', '--as', 'ann');
    total = shown.counts.total;
    for (const name of ['ben', 'cho'])
      await verb(
        ...inWords(
          `plan approve plan_1 --digest ${shown.digest} --total ${total} --directory chirp --yes --as ${name}`,
        ),
        '--key',
        path.join(sample.home, 'operators', `${name}.key`),
      );
    await open(ann, '/retractions', 'Put right');
    await ann.page.getByText('Nothing was ever started').waitFor();
    await isFitToRead(ann);
    await verb('rollout', 'start', 'plan_1', '--yes', '--total', String(total), '--as', 'ann');
    await pausesAndResumes();
    await open(cho, '/rollouts/plan_1', 'Rollout of plan_1');
    await cho.page
      .getByRole('region', { name: 'Track tell' })
      .getByText(/^\d+ done/)
      .waitFor({ timeout: waveTimeoutMs });
    await verb('halt', 'plan_1', '--reason', 'a test', '--as', 'ben');
    await isFitToRead(cho);
    await disputesAndIsRead();
    for (const person of [ann, ben, cho]) {
      await open(person, '/retractions', 'Put right');
      await person.page.getByRole('link', { name: 'plan_1' }).waitFor();
      await isFitToRead(person);
      await open(person, '/retractions/plan_1', 'Put plan_1 right');
      await person.page.getByText('Nothing of plan_1 moves.').waitFor();
      await isFitToRead(person);
    }
    expect(await ann.page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual(
      expect.arrayContaining(['1. Halt', '4. Restore, keep, or a person', '6. Until every account is closed']),
    );
    await ann.page.getByRole('button', { name: 'Show its effect' }).click();
    const words = await ann.page.locator('.figures > div', { hasText: 'Pieces of evidence that fall' }).innerText();
    await ann.page.getByLabel('In words').fill('The rule named everybody.');
    await ann.page.getByRole('button', { name: 'Withdraw …' }).click();
    await ann.page.getByLabel('How many pieces of evidence').fill(/([\d,]+)/.exec(words)?.[1] ?? '');
    await ann.page.getByRole('button', { name: 'Withdraw', exact: true }).click();
    await ann.page.getByRole('dialog').getByText('Withdrawn:').waitFor();
    await ann.page.getByRole('button', { name: 'Close' }).click();
    await ann.page.getByRole('button', { name: 'Draw it up' }).click();
    await ann.page.getByText(/^retraction_1 was drawn up/).waitFor();
    for (const person of [ann, ben, cho]) {
      await open(person, '/retractions/retraction_1', 'Put plan_1 right');
      await person.page.getByText(/^retraction_1 was drawn up/).waitFor();
      await isFitToRead(person);
    }
  });

  /** One person pauses, on the page; two resume it by passkey, to exactly this pause. */
  async function pausesAndResumes(): Promise<void> {
    await open(ben, '/rollouts/plan_1', 'Rollout of plan_1');
    await ben.page.getByRole('button', { name: 'Pause …' }).click();
    const pause = ben.page.getByRole('button', { name: 'Pause', exact: true });
    expect(await pause.isEnabled()).toBe(false);
    await ben.page.getByLabel('Why, for those who are to resume it').fill('the support desk is full');
    await pause.click();
    await ben.page.getByText('No permit is lent on').waitFor();
    await ben.page.getByRole('button', { name: 'Close' }).click();
    await ben.page.getByText('Nothing more begins; what was begun is finished.').waitFor();
    const status = await verb<{ phase: string; tracks: readonly { phase: string }[] }>(
      ...inWords('rollout status plan_1 --as ann'),
    );
    expect(status.phase).toBe('paused');
    expect(status.tracks.some(({ phase }) => phase === 'halted')).toBe(false);
    await open(ann, '/', 'Home');
    await ann.page
      .getByText('Nothing more of it begins: paused by ben (operator_2): the support desk is full.')
      .waitFor();
    for (const person of [ann, ben, cho]) await isFitToRead(person);
    for (const person of [ben, cho]) {
      await open(person, '/rollouts/plan_1', 'Rollout of plan_1');
      await person.page.getByRole('button', { name: 'Resume …' }).click();
      await person.page.getByLabel('How many people').fill(String(total));
      await person.page.getByLabel('The directory’s name').fill('chirp');
      await person.page.getByRole('button', { name: 'Say yes to resuming' }).click();
      await person.page.getByText(person === ben ? 'Your yes is recorded.' : 'It goes on:').waitFor();
      await person.page.getByRole('button', { name: 'Close' }).click();
    }
    await ben.page.getByText('Nothing more begins; what was begun is finished.').waitFor({ state: 'hidden' });
  }

  /** A holder presses “this is not right” in the mail, and whoever looks at the rollout has it on the screen. */
  async function disputesAndIsRead(): Promise<void> {
    const { number } = await newestTold(ann.page);
    const holder = await openPerson(browser, phone);
    await holder.page.goto(`${new URL(sample.consoleUrl).origin}/notices/${number}`);
    await holder.page.locator('form[action*="/disputes"] button').click();
    await holder.page.waitForLoadState('networkidle');
    await holder.page.context().close();
    for (const person of [ann, ben, cho]) {
      await open(person, '/rollouts/plan_1', 'Rollout of plan_1');
      await person.page.getByText(number).waitFor();
      await isFitToRead(person);
    }
  }

  it('the support desk finds one story by account id, by address and by notice number', async () => {
    const { address, number } = await newestTold(ben.page);
    account = await readStory(cho, number);
    expect(await readStory(ann, address)).toBe(account);
    expect(await readStory(ben, account)).toBe(account);
    for (const person of [ann, ben, cho]) {
      expect(await person.page.getByRole('heading', { name: 'To be read out' }).count()).toBe(1);
      expect(person.page.url()).not.toContain(address);
      await isFitToRead(person);
    }
    await ann.page.getByLabel('Account id, address or notice number').fill('nobody@nowhere.example');
    await ann.page.getByRole('button', { name: 'Read the story' }).click();
    await ann.page
      .getByText(/no (such )?account/i)
      .first()
      .waitFor();
    await isFitToRead(ann);
  });

  /** Who got the newest notice, and its number: as the built-in mailbox has it. */
  async function newestTold(page: Page): Promise<{ readonly address: string; readonly number: string }> {
    const other = await page.context().newPage();
    await other.goto(sample.mailboxUrl);
    const row = other.locator('li', { hasText: /password/i }).first();
    const address = (await row.locator('span').innerText()).trim();
    await row.getByRole('link').click();
    const text = await other.locator('main').innerText();
    await other.close();
    return { address, number: /[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}-[0-9A-Z*~$=]/.exec(text)?.[0] ?? '' };
  }

  async function readStory(person: Person, query: string): Promise<string> {
    await open(person, '/account', 'Account');
    await isFitToRead(person);
    await person.page.getByLabel('Account id, address or notice number').fill(query);
    await person.page.getByRole('button', { name: 'Read the story' }).click();
    await person.page.getByRole('heading', { name: 'To be read out' }).waitFor();
    return person.page
      .locator('.facts > div', { hasText: /^Account/ })
      .locator('dd')
      .first()
      .innerText();
  }

  it('the ledger is filtered, exported as it is, and verified', async () => {
    for (const person of [ann, ben, cho]) {
      await open(person, '/ledger', 'Ledger');
      await isFitToRead(person);
    }
    const { page } = ann;
    await page.getByLabel('Event').fill('rollout.halted');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByText('rollout.halted', { exact: true }).first().waitFor();
    await page.waitForLoadState('networkidle');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export as NDJSON' }).click(),
    ]);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
    const entries = lines.map((line) => JSON.parse(line) as { readonly event: string; readonly hash: string });
    expect(new Set(entries.map(({ event }) => event))).toEqual(new Set(['rollout.halted']));
    const listed = await verb<{ entries: readonly { hash: string }[] }>(
      ...inWords('ledger list --event rollout.halted --as ann'),
    );
    expect(entries.map(({ hash }) => hash)).toEqual(listed.entries.map(({ hash }) => hash));
    for (const person of [ann, cho]) {
      await person.page.getByRole('button', { name: 'Verify the ledger' }).click();
      await person.page.getByText('The ledger is whole.').waitFor();
      await isFitToRead(person);
    }
    await open(cho, '/ledger?of=plan_1', 'Ledger');
    await cho.page.getByRole('link', { name: 'permit.taken' }).first().waitFor();
    await isFitToRead(cho);
  });

  it('settings name the people, ways in and tokens, and what is ended there is refused from then on', async () => {
    for (const person of [ann, ben, cho]) {
      await open(person, '/settings', 'Settings');
      await person.page.getByText('cho (operator_3)').first().waitFor();
      await isFitToRead(person);
    }
    const { page } = ben;
    await page
      .getByRole('button', { name: /^End token_/ })
      .first()
      .click();
    await isFitToRead(ben);
    await page.getByRole('button', { name: 'End it' }).click();
    await page.getByRole('alertdialog').waitFor({ state: 'hidden' });
    expect(await sample.verb('plan', 'list', '--as', 'ben')).toMatchObject({ error: { code: 'unauthenticated' } });
    await page.getByText('Propose a person').click();
    await page.getByLabel('Name', { exact: true }).fill('dee');
    await isFitToRead(ben);
  });

  it('a drill is begun by a person who was told who has to be there, and has the next command of each', async () => {
    for (const person of [ann, ben, cho]) {
      await open(person, '/drills', 'Drills');
      await person.page.getByText('A sample needs no drill.').waitFor();
      await isFitToRead(person);
    }
    const { page } = ann;
    await page.getByRole('button', { name: 'Begin a drill …' }).click();
    await isFitToRead(ann);
    await page.getByRole('button', { name: 'Begin it' }).click();
    await page.getByRole('heading', { name: 'drill_1', level: 1 }).waitFor({ timeout: waveTimeoutMs });
    // Somebody with a key and no passkey takes part by the command that stands below each step.
    const commandOf = async (started: string): Promise<string> => {
      const command = page.locator('.command', { hasText: started });
      await command.waitFor({ state: 'attached', timeout: waveTimeoutMs });
      await page.getByText('In a terminal instead').click();
      await command.waitFor();
      return (await command.innerText()).split('\n').at(-1) ?? '';
    };
    const agree = await commandOf('allclear plan approve');
    await isFitToRead(ann);
    await open(cho, '/', 'Home');
    await cho.page.getByText('drill_1 is running').waitFor();
    await isFitToRead(cho);
    await open(cho, '/drills/drill_1', 'drill_1');
    await isFitToRead(cho);
    const byKey = (words: string, name: string): readonly string[] => {
      const key = path.join(sample.home, 'operators', `${name}.key`);
      return inWords(
        words
          .replace(/^allclear /, '')
          .replace('--key FILE', `--key ${key}`)
          .replace('NAME', name),
      );
    };
    await verb(...byKey(agree, 'cho'));
    await page.getByText(/[1-9]\d* made-up people have been told/).waitFor({ timeout: waveTimeoutMs });
    await isFitToRead(ann);
    await verb(...byKey((await commandOf('allclear halt')).replaceAll('"', ''), 'cho'));
    const approve = await commandOf('allclear retract approve');
    await isFitToRead(ann);
    for (const name of ['ann', 'cho']) await verb(...byKey(approve, name));
    await page.getByText('Passed: the right to start is renewed').waitFor({ timeout: waveTimeoutMs });
    await isFitToRead(ann);
    for (const person of [ben, cho]) {
      await open(person, '/drills/drill_1', 'drill_1');
      await isFitToRead(person);
      await open(person, '/drills', 'Drills');
      await person.page.getByText('passed', { exact: true }).waitFor();
      await isFitToRead(person);
    }
  });

  it('a holder’s own words wait on everybody’s home until somebody answers, with the account’s story beside them', async () => {
    const { address, number } = await newestTold(ben.page);
    const holder = await openPerson(browser, phone);
    await holder.page.goto(`${new URL(sample.consoleUrl).origin}/appeal`);
    await holder.page.locator('[name=number]').fill(number);
    await holder.page.locator('[name=address]').fill(address);
    await holder.page.locator('[name=words]').fill('I never signed in from there. <b>Not me</b>');
    await holder.page.locator('main form button').first().click();
    await holder.page.waitForLoadState('networkidle');
    await holder.page.context().close();
    for (const person of [ann, ben, cho]) {
      await open(person, '/', 'Home');
      await person.page.getByText('1 person waits for an answer').waitFor();
      await isFitToRead(person);
      await person.page.getByRole('link', { name: 'Appeals', exact: true }).last().click();
      await person.page.getByText('I never signed in from there. <b>Not me</b>').waitFor();
      await isFitToRead(person);
      await open(person, '/appeals/appeal_1', 'appeal_1');
      await isFitToRead(person);
    }
    const { page } = cho;
    await page.getByRole('button', { name: 'Read the story' }).click();
    await page.getByRole('heading', { name: 'To be read out' }).waitFor();
    await isFitToRead(cho);
    await page.getByRole('button', { name: 'They are right …' }).click();
    const grant = page.getByRole('button', { name: 'Grant and tell them' });
    expect(await grant.isEnabled()).toBe(false);
    await isFitToRead(cho);
    await page.getByLabel('Why, for your colleagues').fill('The rule was wrong about them.');
    await grant.click();
    await page.getByText('Its holder: told by mail.').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByText('Nothing was given back by this.').waitFor();
    await isFitToRead(cho);
    await open(ann, '/', 'Home');
    await ann.page.getByText('What runs now').waitFor();
    expect(await ann.page.getByText('waits for an answer').count()).toBe(0);
    await open(ann, '/appeals', 'Appeals');
    await ann.page.getByText('Nobody waits for an answer.').waitFor();
    await ann.page.getByLabel('Which').selectOption('decided');
    await ann.page.getByText('told by mail').waitFor();
    const told = await newestMailTo(ann.page, address);
    expect(told).toMatch(/appeal-1/);
  });

  async function newestMailTo(page: Page, address: string): Promise<string> {
    const other = await page.context().newPage();
    await other.goto(`${sample.mailboxUrl}/?to=${encodeURIComponent(address)}`);
    await other.locator('ol li a').first().click();
    const text = await other.locator('main').innerText();
    await other.close();
    return text;
  }

  const everyPage = [
    ['/', 'Home'],
    ['/plans/plan_1', 'plan_1'],
    ['/rollouts/plan_1', 'Rollout of plan_1'],
    ['/retractions/plan_1', 'Put plan_1 right'],
    ['/appeals', 'Appeals'],
    ['/appeals/appeal_1', 'appeal_1'],
    ['/account', 'Account'],
    ['/evidence', 'Evidence'],
    ['/evidence/new', 'Import a list'],
    ['/evidence/batch_1', 'batch_1'],
    ['/ledger', 'Ledger'],
    ['/drills', 'Drills'],
    ['/drills/drill_1', 'drill_1'],
    ['/settings', 'Settings'],
  ] as const;

  it.each(everyPage)('a thumb, a keyboard and a reader from right to left get by: %s', async (where, title) => {
    await open(cho, where, title);
    expect(await smallTargets(cho.page)).toEqual([]);
    // Somebody who asked for no motion gets none.
    expect(await cho.page.evaluate(() => document.getAnimations().length)).toBe(0);

    await open(ann, where, title);
    const reached = await tabThrough(ann.page, tabsPressed);
    expect(reached.slice(0, 2).map(({ words }) => words)).toEqual(['Skip to the page', 'HALT']);
    const places = reached.map(({ place }) => place);
    // From the last thing on a page the browser goes on to its first.
    const around = places.findIndex((place, at) => at > 0 && place <= (places[at - 1] ?? 0));
    const once = around === -1 ? places : places.slice(0, around);
    expect(once).toEqual(once.toSorted((left, right) => left - right));
    expect(reached.slice(0, once.length).filter(({ isShown }) => !isShown)).toEqual([]);

    for (const person of [ann, cho]) {
      await person.page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
      await isFitToRead(person);
    }
  });

  it('a plan that suspends is drawn up with its reason and its end, and says what it is to whoever reads it', async () => {
    const { page } = ann;
    const sweep = path.join(sample.home, 'sweep.csv');
    const generator = 'examples/generator/main.ts';
    await sample.script(generator, 'observed', '--named', '20', '--true-share', '0', '--seed', '44', '--out', sweep);
    const args = ['--source', 'sweep', '--class', 'observed', '--as', 'ann'];
    const { batch } = await verb<{ batch: string }>('evidence', 'import', sweep, ...args);
    await open(ann, '/plans/new', 'Draw up a plan');
    await page.getByRole('checkbox', { name: new RegExp(`^${batch}:`) }).check();
    await page.getByLabel('What is done').selectOption('suspend');
    await page.getByLabel('Because').selectOption('automation');
    await page.getByLabel('Over by itself after so many days').fill('7');
    expect(await page.getByLabel('Notice').inputValue()).toBe('account-suspended');
    await isFitToRead(ann);
    await page.getByRole('button', { name: 'Draw up' }).click();
    await page.waitForURL(/\/plans\/plan_\d+$/);
    await page.getByText('over by itself after 7 days').waitFor();
    await page.getByText('the account is driven by a program').waitFor();
    const who = page.getByLabel('Who', { exact: true });
    const english = who.locator('option', { hasText: 'English' });
    await who.selectOption((await english.getAttribute('value')) ?? '');
    await page.getByText('We have suspended your Chirp account').first().waitFor();
    expect(await page.getByText('Reset passwords at').count()).toBe(0);
    await isFitToRead(ann);
    const plan = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    await open(cho, `/plans/${plan}`, plan);
    await cho.page.getByText('over by itself after 7 days').waitFor();
    await isFitToRead(cho);
  });

  it('no page complained of anything on the way', () => {
    expect([ann, ben, cho].flatMap(({ errors }) => errors)).toEqual([]);
  });
});

function inWords(command: string): readonly string[] {
  return command.split(' ');
}

/** The first lines of a list, byte by byte: it is dirty on purpose, and no text. */
function linesOf(list: Buffer, count: number): Buffer {
  let end = 0;
  for (let line = 0; line < count; line += 1) end = list.indexOf(0x0a, end) + 1;
  return list.subarray(0, end);
}
