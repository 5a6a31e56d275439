import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Person } from '../examples/chirp/population/ground-truth.ts';
import { passwordOf } from '../examples/chirp/population/ground-truth.ts';
import { asShown, mailKindsOf, mailsTo } from '../examples/scenarios/observe-world.ts';
import type { WatchedWorld } from './watched-world.ts';

/** A press sooner than this after the mail came is taken for a mail scanner's. */
const readingMs = 6_000;
const pollMs = 200;
const letterTimeoutMs = 120_000;

/** A letter as its reader has it before them. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly number: string;
}

/** Somebody with an account at Chirp, who knows nothing of consoles: a sign-in page, a mailbox, a link. */
export function holderSteps(page: Page, { world, mailboxUrl }: WatchedWorld, person: Person) {
  const address = asShown(person.address);
  const signedIn = page.getByRole('button', { name: 'Sign out' });
  const refused = page.getByRole('alert');

  return {
    page,

    /** With the password from before everything, on Chirp's own page. */
    async signIn(): Promise<'in' | 'refused'> {
      await page.goto(`${world.chirp.url}/sign-in`);
      await page.getByLabel('Mail address').fill(person.address);
      await page.getByLabel('Password').fill(passwordOf(person) ?? '');
      await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
      await signedIn.or(refused).waitFor();
      return (await signedIn.isVisible()) ? 'in' : 'refused';
    },

    /** Whether the service still knows this browser. */
    async isSignedIn(): Promise<boolean> {
      await page.goto(world.chirp.url);
      return signedIn.isVisible();
    },

    /** Waits for a letter of this kind, then reads the newest mail of the mailbox. */
    async readLetter(kind: 'notice' | 'holding' | 'final'): Promise<Letter> {
      const deadline = performance.now() + letterTimeoutMs;
      while (mailKindsOf(world.mailbox, person.address).at(-1) !== kind) {
        if (performance.now() > deadline) throw new Error(`no letter "${kind}" came in ${letterTimeoutMs / 1_000} s`);
        await delay(pollMs);
      }
      await page.goto(mailboxUrl);
      await page.getByLabel('To').fill(address);
      await page.getByRole('button', { name: 'Show' }).click();
      await page.getByRole('main').getByRole('listitem').first().getByRole('link').click();
      const text = await page.locator('pre').innerText();
      return {
        subject: await page.getByRole('heading', { level: 1 }).innerText(),
        text,
        number: /\b(?:[0-9A-Z]{4}-){4}[0-9A-Z]\b/.exec(text)?.[0] ?? '',
      };
    },

    /** By the only link of the letter that is open, into a page of its own. */
    async followLink(): Promise<Page> {
      const opening = page.context().waitForEvent('page');
      await page.getByRole('link', { name: /\/notices\// }).click();
      const opened = await opening;
      await opened.getByRole('heading', { name: 'Check a notice' }).waitFor();
      return opened;
    },

    /** Types number and address; what the page answers. */
    async check(at: Page, number: string): Promise<string> {
      await at.getByLabel('Notice number').fill(number);
      await at.getByLabel('Mail address').fill(address);
      await at.getByRole('button', { name: 'Show what we sent' }).click();
      await at.getByText('What we know now').waitFor();
      return at.getByRole('main').innerText();
    },

    /** In one step, once the mail was there as long as somebody needs to read it. */
    async dispute(at: Page): Promise<void> {
      const [notice] = mailsTo(world.mailbox, person.address);
      const leftMs = readingMs - (Date.now() - (notice?.arrivedAt.getTime() ?? 0));
      if (leftMs > 0) await delay(leftMs);
      await at.getByRole('button', { name: 'This is not right' }).click();
      await at.getByRole('heading', { name: 'Thank you for telling us' }).waitFor();
    },
  };
}
