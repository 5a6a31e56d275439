import { describe, expect, it } from 'vitest';
import { explain } from '../../src/app/explain/explain.ts';
import { checkNotice } from '../../src/app/notice/check-notice.ts';
import { answerStatus } from '../../src/app/status/answer-status.ts';
import { writeStatement } from '../../src/app/statement/write-statement.ts';
import type { HolderMail } from '../../src/app/ports/holder-mailer.ts';
import { checkedPage } from '../../src/http/public/check-page.ts';
import { statementPage } from '../../src/http/public/statement-page.ts';
import type { NoticeNumber } from '../../src/domain/shared/ids.ts';
import { withCampaign } from '../read/with-campaign.ts';

const campaign = withCampaign();
const languages = ['en', 'de', 'es', 'ja'] as const;
/** Words of a reset, which nobody who was suspended may read. */
const ofReset = /password (was|is) (taken|reset)|forgot password|passwort (zurückgesetzt|vergessen)|restable|リセット/i;

describe('what somebody who was suspended reads of it', () => {
  it('is of a suspension, on every page and in every mail, before and after a retraction', async () => {
    const c = campaign();
    const address = 'suspended@mail.test';
    const who = c.holder({ address, language: 'en' });
    const list = await c.observed([who]);
    const plan = await c.draftSuspension([list]);
    await c.approve(plan);
    const rollout = await c.start(plan);
    await c.contain(plan.id, rollout);
    await c.tell(rollout, ['accepted']);
    const typed = { number: c.numberOf(plan.id, who), address };
    const url = (number: NoticeNumber) => `http://127.0.0.1:1/notices/${number}`;
    const check = () => checkNotice({ ...c.deps, checkUrl: url }, typed);
    const reader = (language: (typeof languages)[number]) => ({
      language,
      service: 'Chirp',
      recoveryUrl: 'http://127.0.0.1:1/forgot',
      isRecoveryHosted: false,
      supportContact: 'help@chirp.test',
    });
    const pageIn = async (language: (typeof languages)[number]) => {
      const checked = await check();
      if (checked === null) throw new Error('the notice is not known');
      return String(checkedPage(reader(language) as never, checked));
    };
    const mails: HolderMail[] = [];
    const status = async () => {
      await answerStatus(
        {
          store: c.store,
          directory: c.directory,
          secrets: { keyed: (purpose: string, value: string) => `${purpose} ${value}` } as never,
          mailer: {
            isUp: async () => true,
            send: async (mail) => {
              mails.push(mail);
              return 'accepted';
            },
            close: async () => undefined,
          },
          serviceName: 'Chirp',
          supportContact: 'help@chirp.test',
          checkUrl: 'http://127.0.0.1:1/notices',
          recoverUrl: 'http://127.0.0.1:1/forgot',
        },
        { address },
      );
      return JSON.stringify(mails.at(-1)?.parts);
    };
    expect((await check())?.suspension).toMatchObject({ is: 'suspended', lapsesAt: expect.any(Date) });
    for (const language of languages) expect(await pageIn(language)).not.toMatch(ofReset);
    expect(await pageIn('en')).toContain('The suspension ends by itself');
    expect(await status()).toContain('we suspended your account. It is suspended still');
    const story = await explain(c.deps, who, 'operator_1');
    expect(story.now.words).toContain('it is suspended, and lapses by itself on');
    expect(story.events.map((event) => event.what)).toContain('the account was suspended');

    await c.halt(plan.id);
    await c.withdraw(list, 'rule-wrong');
    const { retraction, rollout: putRight } = await c.retract(plan.id);
    await c.restore(retraction, putRight);
    expect((await check())?.suspension).toMatchObject({ is: 'reinstated' });
    for (const language of languages) expect(await pageIn(language)).not.toMatch(ofReset);
    expect(await pageIn('en')).toContain('Your account is open again');
    expect(await status()).toContain('we have let you back in since');
    const statement = await writeStatement(c.deps, plan.id);
    expect(statement.text).toContain('Told that their account was suspended: 1');
    expect(statement.text).toContain('Let back into their account: 1');
    expect(statement.text).toContain('A rule of ours took ordinary use for what we do not allow.');
    for (const language of languages)
      expect(String(statementPage(reader(language) as never, statement))).not.toMatch(ofReset);
  });
});
