import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Person } from '../../examples/chirp/population/ground-truth.ts';
import { mailsTo, readCredentials } from '../../examples/scenarios/observe-world.ts';
import { parseMessage } from '../../src/adapters/embedded/mailbox-message.ts';
import { makeHttpApp } from '../../src/http/app.ts';
import { rememberingLog } from '../http/fake-services.ts';
import { openBrowser, openRecoveryWorld } from './recovery-world.ts';
import type { RecoveryWorld } from './recovery-world.ts';

describe('the desk', () => {
  let rig: RecoveryWorld;
  let database: pg.Client;

  beforeAll(async () => {
    rig = await openRecoveryWorld(12);
    database = new pg.Client({ connectionString: rig.world.env['DATABASE_URL'] });
    await database.connect();
  }, 120_000);
  afterAll(async () => {
    await database.end();
    await rig.world.close();
  });

  const textOf = async (address: string, nth: number): Promise<string> =>
    vi.waitFor(
      async () => {
        const mail = mailsTo(rig.world.mailbox, address)[nth - 1];
        if (mail === undefined) throw new Error('no such mail yet');
        return (await parseMessage(mail)).text;
      },
      { timeout: 5_000 },
    );

  async function numberOf(person: Person): Promise<string> {
    const [mail] = mailsTo(rig.world.mailbox, person.address);
    const header = (await parseMessage(mail!)).headers.find(({ name }) => name.toLowerCase() === 'x-allclear-notice');
    return header?.value ?? '';
  }

  describe('an appeal', () => {
    test('looks the same for a notice that there is and one that there is not, and only the first is kept', async () => {
      const [person, stranger] = [rig.take(), rig.takeUntouched()];
      const number = await numberOf(person);
      const typed = [
        { number, address: person.address, words: 'I never used that password elsewhere.\n\u001b[31mred' },
        { number, address: person.address, words: 'Once more.' },
        { number, address: stranger.address, words: 'mine' },
        { number: '8F3K-22QD-9PXA-77TR-C', address: person.address, words: '' },
        { number: '', address: '', words: '' },
      ];
      const faces = [];
      for (const one of typed) {
        const answer = await openBrowser(rig.world.serverUrl).post('/appeal', one);
        faces.push({ status: answer.status, body: await answer.text() });
      }
      for (const face of faces) expect(face).toEqual(faces[0]);
      const { open, appeals } = await rig.world.services.listAppeals('open', 10, null);
      expect(open).toBe(1);
      expect(appeals).toMatchObject([
        { noticeNumber: number, accountId: person.accountId, words: 'I never used that password elsewhere. [31mred' },
      ]);
    });

    test('is told in the channel of the notice when a person decided, changes no account, and is not decided twice', async () => {
      const person = rig.take();
      const before = await readCredentials(rig.world.chirp.databaseUrl);
      await openBrowser(rig.world.serverUrl).post('/appeal', {
        number: await numberOf(person),
        address: person.address,
        words: '',
      });
      const { appeals } = await rig.world.services.listAppeals('open', 10, null);
      const mine = appeals.find(({ accountId }) => accountId === person.accountId);
      if (mine === undefined) throw new Error('the appeal was not kept');
      const given = {
        appeal: mine.id,
        decision: 'granted',
        reason: 'a shared computer',
        by: rig.world.crew.author.id,
      } as const;
      expect(await rig.world.services.decideAppeal(given)).toMatchObject({ decision: 'granted', told: 'accepted' });
      const mail = await textOf(person.address, 2);
      expect(mail).not.toContain('shared computer');
      expect(mail.length).toBeGreaterThan(100);
      expect(await readCredentials(rig.world.chirp.databaseUrl)).toEqual(before);
      const { events } = await rig.world.services.explain(person.accountId, rig.world.crew.author.id);
      expect(events.filter((event) => event.of === mine.id).map((event) => event.what)).toEqual([
        `an appeal was opened about notice ${mine.noticeNumber}`,
        'the appeal was granted; its holder was told: accepted',
      ]);
      await expect(rig.world.services.decideAppeal(given)).rejects.toMatchObject({ code: 'conflict' });
      expect(rig.countMails(person.address)).toBe(2);
    });

    test('is erased with its holder’s other words, and stays as a fact', async () => {
      const { appeals } = await rig.world.services.listAppeals('open', 10, null);
      const first = appeals[0]!;
      expect(await rig.world.installation.store.transact((tx) => tx.appeals.eraseWords(first.accountId))).toBe(1);
      expect(await rig.world.services.showAppeal(first.id)).toMatchObject({
        words: null,
        noticeNumber: first.noticeNumber,
      });
    });
  });

  describe('"my status"', () => {
    test('says by mail what was done, or that nothing was, and says nothing to whoever asks for another', async () => {
      const [hit, untouched] = [rig.take(), rig.takeUntouched()];
      const faces = [];
      for (const address of [hit.address, untouched.address, 'nobody@nowhere.example', '']) {
        const answer = await openBrowser(rig.world.serverUrl).post('/my-status', { address });
        faces.push({ status: answer.status, body: await answer.text() });
      }
      for (const face of faces) expect(face).toEqual(faces[0]);
      const number = await numberOf(hit);
      expect(await textOf(hit.address, 2)).toContain(number);
      expect(await textOf(hit.address, 2)).toContain('/recover');
      const calm = await textOf(untouched.address, 1);
      expect(calm).not.toMatch(/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/);
      expect(calm).not.toContain('/recover');
      expect(rig.countMails('nobody@nowhere.example')).toBe(0);
    });

    test('answers an address three times a day, however often it is asked', async () => {
      const untouched = rig.takeUntouched();
      const { services } = rig.world;
      for (let at = 0; at < 8; at += 1) services.askStatus({ address: untouched.address });
      await textOf(untouched.address, 3);
      // Asked behind the others, so answered when they are done.
      const last = rig.takeUntouched();
      services.askStatus({ address: last.address });
      await textOf(last.address, 1);
      expect(rig.countMails(untouched.address)).toBe(3);
    });
  });

  test('the status page and its feeds are empty while nothing went wrong, and tell a halted plan after it did', async () => {
    const browser = openBrowser(rig.world.serverUrl);
    expect(await (await browser.get('/status')).text()).toContain('There is nothing to report.');
    // The server keeps its list for half a minute: another one has read nothing yet.
    await database.query(`UPDATE allclear.track SET phase = 'halted', halted_by = 'operator_1' WHERE track = 'tell'`);
    const app = makeHttpApp(rig.world.services, { log: rememberingLog() });
    const page = await (await app.request('/status?lang=en')).text();
    expect(page).toContain(`/statement/${rig.plan}`);
    expect(page).toContain('Password reset or signed out: 12');
    const feed = (await (await app.request('/status.json')).json()) as { items: readonly { id: string }[] };
    expect(feed.items.map(({ id }) => new URL(id).pathname)).toEqual([`/statement/${rig.plan}`]);
    for (const path of ['/status', '/status.atom', '/status.json']) {
      const text = await (await app.request(path)).text();
      expect(text).not.toMatch(/\w@\w/);
    }
  });

  test('while a HALT file lies in the state folder no mail is written and no password set, and readers are told so', async () => {
    const [hit, browser] = [rig.take(), openBrowser(rig.world.serverUrl)];
    await browser.post('/recover', { address: hit.address });
    const code = await vi.waitFor(() => rig.codeFor(hit));
    await writeFile(join(rig.world.installation.config.stateDir, 'HALT'), 'a test');
    for (const [path, fields] of [
      ['/recover', { address: hit.address }],
      ['/recover/code', { code }],
      ['/recover/password', { password: 'kettle-orbit-mustard-92', again: 'kettle-orbit-mustard-92' }],
      ['/my-status', { address: hit.address }],
    ] as const) {
      const answer = await browser.post(path, fields);
      expect([path, answer.status]).toEqual([path, 503]);
      expect(await answer.text()).toContain('Everything is stopped');
    }
    const { rows } = await database.query('SELECT tries, typed_at FROM allclear.recovery WHERE account_id = $1', [
      hit.accountId,
    ]);
    expect(rows).toEqual([{ tries: 0, typed_at: null }]);
    expect(rig.countMails(hit.address)).toBe(2);
  });
});
