import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { startFeedbackListener } from '../../src/adapters/feedback/smtp-listener.ts';
import type { MailReport } from '../../src/app/notice/take-report.ts';
import { repositoryRoot } from '../architecture/sound-tree.ts';
import { describeIfPostfix, startPostfix } from '../support/postfix.ts';
import type { TestPostfix } from '../support/postfix.ts';
import { smtpDialogue } from '../embedded/smtp-dialogue.ts';
import { dsn, giveBack } from './returned-mail.ts';

/** The lines for main.cf of the recipe, as a person would copy them, with the listener's port of this test. */
function recipeLines(port: number): Readonly<Record<string, string>> {
  const recipe = readFileSync(join(repositoryRoot, 'docs/recipes/feedback.md'), 'utf8');
  const [, block = ''] = /# main\.cf\n([^]*?)\n\n/.exec(recipe) ?? [];
  const lines = block.split('\n').map((line) => line.trim().replace(':2525', `:${port}`).split(' = ', 2));
  return Object.fromEntries(lines) as Record<string, string>;
}

describeIfPostfix(() => {
  const genuine = 'bounces+8f3k22qd9pxa77tr.aaaaaaaaaaaaaaaaaaaaaaaaaa@bounces.example.com';
  const reports: MailReport[] = [];
  let mayTake = false;
  let postfix: TestPostfix;

  beforeAll(async () => {
    const listener = await startFeedbackListener({
      host: '127.0.0.1',
      port: 0,
      readReference: (address) => (address === genuine ? '8f3k22qd9pxa77tr' : null),
      onReport: async (_, report) => {
        if (!mayTake) return 'later';
        reports.push(report);
        return 'taken';
      },
      warn: () => undefined,
    });
    const recipe = recipeLines(listener.port);
    expect(Object.keys(recipe)).toContain('relay_domains');
    postfix = await startPostfix({
      relayPort: 1,
      // Everybody is a stranger: nobody may relay anywhere but to the domains of the recipe.
      settings: { smtpd_relay_restrictions: 'reject_unauth_destination', mydestination: 'localhost', ...recipe },
    });
    return async () => {
      await postfix.stop();
      await listener.stop();
    };
  }, 60_000);

  async function answerTo(recipient: string): Promise<string | undefined> {
    const lines = ['EHLO mx.test\r\n', 'MAIL FROM:<>\r\n', `RCPT TO:<${recipient}>\r\n`, 'QUIT\r\n'];
    return (await smtpDialogue(postfix.port, lines))[3];
  }

  test('with the lines of the recipe a stranger is refused at once and for good, and relays nowhere', async () => {
    expect(await answerTo('nobody@bounces.example.com')).toMatch(/^550/);
    expect(await answerTo('somebody@elsewhere.test')).toMatch(/^[45]54/);
  });

  test('a report for a genuine return path is taken, kept while we cannot take it, and comes to us then', async () => {
    const report = dsn({ to: genuine, finalRecipient: 'ann@example.test' });
    const said = await giveBack(postfix.port, genuine, report);
    expect(said).toMatchObject({ dot: expect.stringMatching(/^250/) as string });
    await expect.poll(() => postfix.log(), { timeout: 20_000 }).toContain('status=deferred');
    expect(reports).toEqual([]);
    mayTake = true;
    await expect
      .poll(
        async () => {
          await postfix.flush();
          return reports.length;
        },
        { timeout: 20_000 },
      )
      .toBe(1);
    expect(reports[0]).toMatchObject({ kind: 'bounced', status: '5.1.1' });
  });
});
