import { expect } from 'vitest';
import type { Locator, Page } from 'playwright-core';

/** Review cards on one page, and pages of them: no plan of these tests is larger. */
const mostTargets = 500;

/** A list as it lies on an operator's machine; it is never written to a disk here. */
export interface ListFile {
  readonly name: string;
  readonly text: string;
  readonly kind: 'credentials' | 'observed' | 'reported';
  readonly source: string;
}

/** Everything here is pressed, typed and read as a person does it, on the console's own pages. */
export function operatorSteps(page: Page, consoleUrl: string) {
  const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
  const dialog = (): Locator => page.getByRole('dialog').or(page.getByRole('alertdialog'));
  const heading = (name: string): Locator => page.getByRole('heading', { name, level: 1, exact: true });
  const open = async (path: string, title: string): Promise<void> => {
    await page.goto(`${consoleUrl}${path}`);
    await heading(title).waitFor();
  };
  const fromMenu = async (word: string, title: string): Promise<void> => {
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: word, exact: true }).click();
    await heading(title).waitFor();
  };
  const closeDialog = async (): Promise<void> => {
    await button('Close').click();
    await dialog().waitFor({ state: 'hidden' });
  };
  const number = async (of: Locator): Promise<number> => Number((await of.innerText()).replaceAll(/\D/g, ''));
  /** The card of a step, by the words of its heading. */
  const step = (title: string): Locator =>
    page.locator('section').filter({ has: page.getByRole('heading', { name: new RegExp(`^\\d\\. ${title}$`) }) });
  /** A figure of a card, by its word. */
  const figure = (card: Locator, label: string): Promise<number> =>
    number(
      card
        .locator('dl.figures > div')
        .filter({ has: page.getByText(label, { exact: true }) })
        .locator('.figure'),
    );

  return {
    page,
    open,
    step,
    figure,

    /** Chosen in the browser's own dialog; its batch. */
    async importList(list: ListFile): Promise<string> {
      await fromMenu('Evidence', 'Evidence');
      await page.getByRole('link', { name: 'Import a list' }).click();
      await heading('Import a list').waitFor();
      const choosing = page.waitForEvent('filechooser');
      await button('Choose a file …').click();
      await (await choosing).setFiles({ name: list.name, mimeType: 'text/plain', buffer: Buffer.from(list.text) });
      await page.getByLabel('What its lines are').selectOption(list.kind);
      await page.getByText(`Read as ${list.kind}`).waitFor();
      await page.getByLabel('Source').fill(list.source);
      await button('Import').click();
      await page.getByText('Imported.', { exact: true }).waitFor();
      const batch = page.getByRole('link', { name: /^batch_\d+: grades/ });
      const [id = ''] = (await batch.innerText()).split(':');
      await batch.click();
      await heading(id).waitFor();
      return id;
    },

    /** The plan, and how many people it acts on. */
    async drawUp(batch: string): Promise<{ readonly plan: string; readonly total: number }> {
      await fromMenu('Plans', 'Plans');
      await page.getByRole('link', { name: 'Draw up a plan' }).click();
      await page.getByRole('checkbox', { name: new RegExp(`^${batch}:`) }).check();
      await button('Draw up').click();
      await page.waitForURL(/\/plans\/plan_\d+$/);
      const plan = new URL(page.url()).pathname.split('/').at(-1) ?? '';
      await heading(plan).waitFor();
      return { plan, total: await figure(page.locator('main'), 'People') };
    },

    /** Judges everything that is drawn as right, as somebody who trusts the rule. How many that were. */
    async reviewAsRight(plan: string): Promise<number> {
      await open('/', 'Home');
      await page.getByRole('link', { name: `Review ${plan}` }).click();
      await page.getByRole('link', { name: 'Review', exact: true }).click();
      await heading(`Review of ${plan}`).waitFor();
      const first = page
        .locator('main li')
        .filter({ has: button('Right') })
        .first();
      const done = page.getByRole('heading', { name: 'Nothing is left to judge' });
      for (let judged = 0; judged <= mostTargets; judged += 1) {
        await first.or(done).first().waitFor();
        if (await done.isVisible()) return judged;
        const account = await first.getByRole('heading', { level: 3 }).locator('.mono').innerText();
        await first.getByRole('button', { name: 'Right' }).click();
        await page.locator('main li').filter({ hasText: account }).waitFor({ state: 'hidden' });
      }
      throw new Error('The review did not come to an end.');
    },

    /** A yes by passkey, over the total that was read and typed. */
    async sayYesToPlan(plan: string, total: number): Promise<void> {
      await open(`/plans/${plan}`, plan);
      await button('Approve').click();
      await sayYes(total);
    },

    async start(plan: string, total: number): Promise<void> {
      await open(`/plans/${plan}`, plan);
      await button('Start').click();
      await page.getByLabel('How many people').fill(String(total));
      await dialog().getByRole('button', { name: 'Start', exact: true }).click();
      await heading(`Rollout of ${plan}`).waitFor();
    },

    /** By keyboard, from wherever one is. */
    async haltEverything(): Promise<void> {
      await page.keyboard.press('Alt+Shift+H');
      await button('HALT everything').waitFor();
      await page.keyboard.press('Enter');
      await page.getByText('Halted.', { exact: true }).waitFor();
      await page.getByText('being counted').waitFor({ state: 'hidden' });
      await closeDialog();
    },

    /** From the rollout to the page on which it is put right, once nothing of it moves. */
    async somethingIsWrong(plan: string): Promise<void> {
      await open(`/rollouts/${plan}`, `Rollout of ${plan}`);
      await page.getByRole('link', { name: 'Something is wrong …' }).click();
      await heading(`Put ${plan} right`).waitFor();
      await page.getByText(`Nothing of ${plan} moves.`).waitFor();
    },

    /** One person, the words that were approved with the plan. To how many. */
    async sayThatWeAreChecking(): Promise<number> {
      const send = button('Send “We are checking” …');
      await send.waitFor();
      const total = await number(page.getByText(/ would get it now\./).first());
      await send.click();
      await page.getByLabel('How many people').fill(String(total));
      await button('Send').click();
      await page.getByText(/^It is on its way to /).waitFor();
      await closeDialog();
      return total;
    },

    /** The whole batch, for a cause, after its effect was read. */
    async withdraw(cause: string, words: string): Promise<{ readonly evidence: number; readonly heldByOther: number }> {
      const card = step('Withdraw the evidence that was wrong');
      await card.getByRole('button', { name: 'Show its effect' }).click();
      await card.getByText('Nothing has happened yet.').waitFor();
      const evidence = await figure(card, 'Pieces of evidence that fall');
      const heldByOther = await figure(card, 'Protected all the same');
      await card.getByLabel('Why it is taken back').selectOption(cause);
      await card.getByLabel('In words').fill(words);
      await card.getByRole('button', { name: 'Withdraw …' }).click();
      await page.getByLabel('How many pieces of evidence').fill(String(evidence));
      await button('Withdraw').click();
      await page.getByText('Withdrawn:', { exact: true }).waitFor();
      await closeDialog();
      return { evidence, heldByOther };
    },

    /** What each account is owed, derived from the evidence that is left. */
    async drawUpRetraction(): Promise<Readonly<Record<'restore' | 'keep' | 'person' | 'untouched', number>>> {
      const card = step('Restore, keep, or a person');
      await card.getByRole('button', { name: 'Draw it up' }).click();
      await card.getByText(/ was drawn up /).waitFor();
      return {
        restore: await figure(card, 'Restore'),
        keep: await figure(card, 'Keep'),
        person: await figure(card, 'Needs a person'),
        untouched: await figure(card, 'Not acted on'),
      };
    },

    /** A yes by passkey to the newest retraction of the plan. */
    async sayYesToRetraction(plan: string): Promise<void> {
      await open(`/retractions/${plan}`, `Put ${plan} right`);
      await button('Approve retraction_1').click();
      const asked = await dialog()
        .getByText(/get their old password back or a letter/)
        .innerText();
      await sayYes(Number(/^[\d\s,.]+/.exec(asked)?.[0].replaceAll(/\D/g, '')));
    },

    async go(): Promise<void> {
      await button('Go …').click();
      const asked = await step('Restore, keep, or a person')
        .getByText(/It concerns/)
        .innerText();
      await page
        .getByLabel('How many people')
        .fill(/concerns ([\d\s,.]+)/.exec(asked)?.[1]?.replaceAll(/\D/g, '') ?? '');
      await button('Go').click();
      await page.getByText('It runs.', { exact: true }).waitFor();
      await closeDialog();
    },
  };

  async function sayYes(total: number): Promise<void> {
    const yes = button('Say yes with my passkey');
    expect(await yes.isEnabled()).toBe(false);
    await page.getByLabel('How many people').fill(String(total));
    await page.getByLabel('The directory’s name').fill('chirp');
    await yes.click();
    await page.getByText('Your yes is recorded.').waitFor();
    await closeDialog();
  }
}

export type OperatorSteps = ReturnType<typeof operatorSteps>;
