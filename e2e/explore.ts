/**
 * `npm run explore -- [--minutes N] [--actions N] [--seed N]`: somebody who is signed in touches, types and
 * wanders at random on a sample world with a plan that can be approved, started and halted. Exit 1 where any page complained,
 * broke, or stood in a reader's way.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { desktop, joinBy, openBrowser, openPerson } from './browser.ts';
import { explore } from './explorer.ts';
import type { Found } from './explorer.ts';
import { startSample } from './sample.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    actions: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '20140303' },
  },
});
const minutes = Number(values.minutes);
const people = ['ann', 'ben', 'cho'];

const folder = await mkdtemp(path.join(tmpdir(), 'allclear-explore-'));
const sample = await startSample(folder);
const browser = await openBrowser();
let isSound = false;
try {
  const links: string[] = [];
  const key = (name: string): string => path.join(sample.home, 'operators', `${name}.key`);
  for (const name of people.slice(0, 2)) links.push(await add(name));
  await add('cho', '--as', 'ann');
  for (const name of ['ann', 'ben'])
    await sample.verb('operator', 'approve', 'operator_3', '--key', key(name), '--yes', '--as', name);
  await sample.verb('operator', 'token', 'operator_3', '--key', key('cho')).catch(() => undefined);
  const total = await draw('--named', '60', '--true-share', '0.5');
  const { page } = await openPerson(browser, desktop);
  await joinBy(page, links[1] ?? '');
  // Whatever is done in ben's name, somebody else has said yes before.
  const shown = await sample.verb<{ digest: string }>('plan', 'show', 'plan_1', '--as', 'ann');
  const yes = ['plan', 'approve', 'plan_1', '--digest', shown.digest, '--total', String(total), '--directory', 'chirp'];
  await sample
    .verb(...yes, '--key', key('cho'), '--yes', '--as', 'cho')
    .catch((error: unknown) => console.error(String(error)));
  isSound = await walk(page, total);

  async function add(name: string, ...more: readonly string[]): Promise<string> {
    const wanted = ['operator', 'add', '--name', name, '--email', `${name}@chirp.example`, ...more];
    return (await sample.verb<{ link: string }>(...wanted)).link;
  }

  /** A list of the sample's own accounts, and a plan over it that its author cannot approve. */
  async function draw(...how: readonly string[]): Promise<number> {
    const list = path.join(sample.home, 'rule.csv');
    await sample.script('examples/generator/main.ts', 'observed', ...how, '--out', list);
    await sample.verb('evidence', 'import', list, '--source', 'rule', '--class', 'observed', '--as', 'ann');
    const plan = ['plan', 'draft', '--evidence', 'batch_1', '--action', 'reset', '--notice', 'password-reset'];
    await sample.verb(...plan, '--as', 'ann');
    return (await sample.verb<{ counts: { total: number } }>('plan', 'show', 'plan_1', '--as', 'ann')).counts.total;
  }
} finally {
  await browser.close();
  await sample.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = isSound ? 0 : 1;

async function walk(page: Page, total: number): Promise<boolean> {
  const key = path.join(sample.home, 'operators', 'ben.key');
  const pages = [
    '',
    '/plans',
    '/plans/new',
    '/plans/plan_1',
    '/rollouts',
    '/rollouts/plan_1',
    '/retractions',
    '/account',
  ];
  const more = ['/evidence', '/evidence/new', '/evidence/batch_1', '/settings', '/ledger'];
  const seen = await explore({
    page,
    pages: [...pages, ...more].map((one) => `${sample.consoleUrl}${one}`),
    words: [String(total), 'chirp', 'ben', 'plan_1', 'batch_1', '1', 'a reason that is long enough'],
    seed: Number(values.seed),
    actions: Number(values.actions),
    minutes,
    tell: (line) => console.error(line),
    async comeBack(at) {
      const door = at.getByRole('button', { name: 'Sign in with a passkey' });
      if ((await door.count()) === 0) return false;
      await door.click();
      const home = at.getByRole('heading', { level: 1 }).filter({ hasNotText: 'Allclear' });
      const isIn = await home.waitFor({ timeout: 5_000 }).then(
        () => true,
        () => false,
      );
      // It revoked its own passkey.
      if (!isIn)
        await joinBy(at, (await sample.verb<{ link: string }>('operator', 'link', 'operator_2', '--key', key)).link);
      return true;
    },
  });
  const lines = (found: readonly Found[]): string =>
    found.map(({ what, where, after, count }) => `  ${count}x ${where}: ${what} (after: ${after})\n`).join('');
  console.log(
    `${seen.actions} actions on ${new Set(seen.pages).size} pages, seed ${values.seed}: ${seen.errors.length} client errors, ` +
      `${seen.findings.length} serious findings in ${seen.looks} looks\n${lines(seen.errors)}${lines(seen.findings)}`,
  );
  return seen.errors.length + seen.findings.length === 0;
}
