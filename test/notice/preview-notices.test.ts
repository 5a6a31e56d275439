import { beforeAll, describe, expect, it } from 'vitest';
import { previewNotices } from '../../src/app/notice/preview-notices.ts';
import type { NoticePreviews } from '../../src/app/notice/preview-notices.ts';
import { accountId } from '../../src/domain/shared/ids.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';

const openWorld = withRolloutWorlds(withTestPostgres());
let world: RolloutWorld;
let previews: NoticePreviews;

const holders = [
  ['de-1', 'de-AT'],
  ['de-2', 'de'],
  ['en-1', 'en'],
  ['none-1', undefined],
] as const;

beforeAll(async () => {
  world = await openWorld();
  const ids = holders.map(([id, language]) =>
    world.directory.addHolder({
      id,
      address: `${id}@people.example`,
      password: 'herons and 9 tulips',
      ...(language === undefined ? {} : { language }),
    }),
  );
  const plan = await world.draft([await world.addBatch(ids)]);
  previews = await previewNotices(
    {
      store: world.store,
      templates: world.templates,
      checkUrl: (number) => `https://people.example/notices/${number}`,
    },
    plan.id,
  );
  return () => world.close();
});

const textsOf = (language: string) => previews.people.find((one) => one.language === language)!;

describe('what people of a plan would read', () => {
  it('is shown in every language, about somebody real where the plan has one', () => {
    expect(previews.people.map(({ language, accountId: id }) => [language, id !== null])).toEqual([
      ['de', true],
      ['en', true],
      ['es', false],
      ['ja', false],
    ]);
    expect(holders.map(([id]) => accountId(id))).toContain(textsOf('de').accountId);
  });

  it('has every correction beside the notice, in the same language', () => {
    for (const { mails, withheld } of previews.people) {
      expect(mails.map((mail) => mail.kind)).toEqual(['notice', 'holding', 'final', 'late', 'confirmed']);
      expect(withheld).toEqual([]);
      for (const { subject, text } of mails) expect(`${subject}\n${text}`).not.toMatch(/[{}]/);
    }
    expect(textsOf('de').mails[0]?.text).not.toBe(textsOf('en').mails[0]?.text);
  });

  it('holds no address, and the number of no mail', () => {
    const shown = JSON.stringify(previews);
    expect(shown).not.toContain('@people.example');
    expect(new Set(shown.match(/https:\/\/people\.example\/notices\/[\w-]+/g)).size).toBe(1);
  });
});
