import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { passwordOf } from '../../examples/chirp/population/ground-truth.ts';
import { listedInPool } from '../../examples/chirp/population/password-pool.ts';
import { makeChirpClient } from '../../examples/scenarios/chirp-client.ts';
import { mailsTo, readSessions } from '../../examples/scenarios/observe-world.ts';
import { parseMessage } from '../../src/adapters/embedded/mailbox-message.ts';
import { openBrowser, openRecoveryWorld, recover } from './recovery-world.ts';
import type { RecoveryWorld } from './recovery-world.ts';

const goodPassword = 'kettle-orbit-mustard-92';

describe('hosted recovery', () => {
  let rig: RecoveryWorld;
  let database: pg.Client;

  beforeAll(async () => {
    rig = await openRecoveryWorld(30, { ALLCLEAR_RECOVERY_MISSES_PER_HOUR: '10' });
    database = new pg.Client({ connectionString: rig.world.env['DATABASE_URL'] });
    await database.connect();
  }, 120_000);
  afterAll(async () => {
    await database.end();
    await rig.world.close();
  });

  const signIn = async (address: string, password: string): Promise<number> => {
    const answer = await makeChirpClient(rig.world.chirp.url).signIn(address, password);
    await answer.body?.cancel();
    return answer.status;
  };

  /** As a thief's that was opened in the very moment of the quarantine. */
  async function openSession(accountId: string): Promise<void> {
    const chirp = new pg.Client({ connectionString: rig.world.chirp.databaseUrl });
    await chirp.connect();
    await chirp.query(
      `INSERT INTO session (id, "userId", token, "expiresAt", "createdAt", "updatedAt")
       VALUES ($1, $2, $1, now() + interval '1 day', now(), now())`,
      [randomBytes(16).toString('hex'), accountId],
    );
    await chirp.end();
    expect((await readSessions(rig.world.chirp.databaseUrl)).get(accountId)).toBe(1);
  }

  test('lets a holder in by a code and a new password, and neither a thief with the old one nor an old session', async () => {
    const person = rig.take();
    await openSession(person.accountId);
    const answer = await recover(rig, person, goodPassword);
    expect(await answer.text()).toContain('Your new password is set');
    expect(await signIn(person.address, passwordOf(person) ?? '')).toBe(401);
    expect((await readSessions(rig.world.chirp.databaseUrl)).get(person.accountId)).toBeUndefined();
    expect(await signIn(person.address, goodPassword)).toBe(200);
    await vi.waitFor(async () => {
      const mails = mailsTo(rig.world.mailbox, person.address);
      expect(mails).toHaveLength(3);
      expect((await parseMessage(mails[2]!)).text).not.toContain(goodPassword);
    });
    const { rows } = await database.query<{ state: string; closed_by: string }>(
      'SELECT state, closed_by FROM allclear.restore_point WHERE account_id = $1',
      [person.accountId],
    );
    expect(rows).toEqual([{ state: 'retired', closed_by: 'recovery' }]);
    const { now, events } = await rig.world.services.explain(person.accountId, rig.world.crew.author.id);
    expect(now.words).toBe('its holder chose a newer password, which stays');
    expect(events.map((event) => event.what)).toContain('a code for a new password was asked for; its mail: accepted');
  });

  test('keeps no code, no browser secret and no address in its database', async () => {
    const person = rig.take();
    const browser = openBrowser(rig.world.serverUrl);
    const answer = await browser.post('/recover', { address: person.address });
    const token = /recovery=([0-9a-f]{32})/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? '';
    const code = await rig.codeFor(person);
    const { rows } = await database.query<{ row: string }>(
      'SELECT r::text AS row FROM allclear.recovery r WHERE account_id = $1',
      [person.accountId],
    );
    expect(rows).toHaveLength(1);
    for (const secret of [token, code, code.replace('-', ''), person.address])
      expect(rows[0]!.row.toLowerCase()).not.toContain(secret.toLowerCase());
  });

  test('answers strangers and holders alike: status, headers and body, and writes to nobody else', async () => {
    const [holder, untouched] = [rig.take(), rig.takeUntouched()];
    const addresses = [holder.address, untouched.address, 'nobody@nowhere.example', '', 'no address\n'];
    const seen = await Promise.all(
      addresses.map(async (address) => {
        const browser = openBrowser(rig.world.serverUrl);
        const asked = await browser.post('/recover', { address });
        const page = await browser.get('/recover/code');
        const tried = await browser.post('/recover/code', { code: 'AAAA-AAAA' });
        const set = await browser.post('/recover/password', { password: goodPassword, again: goodPassword });
        return Promise.all([asked, page, tried, set].map(faceOf));
      }),
    );
    await rig.codeFor(holder);
    for (const other of seen.slice(1)) expect(other).toEqual(seen[0]);
    expect(rig.countMails(untouched.address)).toBe(0);
    expect(rig.countMails('nobody@nowhere.example')).toBe(0);
  });

  test('a scanner that opens, runs and presses every link uses nothing up', async () => {
    const person = rig.take();
    const browser = openBrowser(rig.world.serverUrl);
    await browser.post('/recover', { address: person.address });
    const code = await rig.codeFor(person);
    // It has the mail, so it has the code: but not the browser that asked.
    await Promise.all(
      ['/recover', '/recover/code', '/recover/password', '/recover/stop'].map(async (path) => {
        const scanner = openBrowser(rig.world.serverUrl);
        await scanner.get(path);
        // It presses the first button too, and so holds a browser's secret of its own.
        await scanner.post('/recover', {});
        await scanner.get(`${path}?code=${code}`);
        await scanner.post(path, {});
        await scanner.post(path, { code, password: goodPassword, address: '' });
      }),
    );
    const typed = await browser.post('/recover/code', { code: code.toLowerCase().replace('-', ' ') });
    expect(typed.status).toBe(303);
    expect((await browser.post('/recover/password', { password: goodPassword, again: goodPassword })).status).toBe(200);
    expect(await signIn(person.address, goodPassword)).toBe(200);
  });

  test('a thousand guesses lock nobody out and get nobody in', async () => {
    const person = rig.take();
    const { recovery } = rig.world.services;
    const guess = (): string => `${randomSymbols(4)}-${randomSymbols(4)}`;
    const holder = openBrowser(rig.world.serverUrl);
    await holder.post('/recover', { address: person.address });
    const code = await rig.codeFor(person);
    // Past the limits by address of the pages: as if each came from another machine.
    const thief = recovery!.newBrowser();
    expect(recovery!.ask({ address: person.address, browser: thief, network: 'elsewhere' })).toBe(true);
    await rig.codeFor(person, 2);
    for (let round = 0; round < 100; round += 1) {
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, () => recovery!.typeCode({ code: guess(), browser: thief })),
      );
      expect(outcomes.every(({ kind }) => kind === 'refused')).toBe(true);
    }
    const { rows } = await database.query<{ tries: number }>(
      'SELECT tries FROM allclear.recovery WHERE account_id = $1 ORDER BY no',
      [person.accountId],
    );
    expect(rows).toEqual([{ tries: 0 }, { tries: 5 }]);
    // Its code is used up, also for whoever knows it by now.
    expect(await recovery!.typeCode({ code: await rig.codeFor(person, 2), browser: thief })).toEqual({
      kind: 'refused',
    });
    expect((await holder.post('/recover/code', { code })).status).toBe(303);
  });

  test('one machine that asks again and again leaves the holder a code, and writes few mails', async () => {
    const person = rig.take();
    const thief = openBrowser(rig.world.serverUrl);
    for (let at = 0; at < 6; at += 1) await thief.post('/recover', { address: person.address });
    await rig.codeFor(person, 3);
    const { recovery } = rig.world.services;
    const browser = recovery!.newBrowser();
    recovery!.ask({ address: person.address, browser, network: '198.51.100.7' });
    const code = await rig.codeFor(person, 4);
    expect((await recovery!.typeCode({ code, browser })).kind).toBe('typed');
    expect(rig.countMails(person.address)).toBe(5);
  });

  test('of many who type the code at the same moment one wins, and of many who set a password one', async () => {
    const person = rig.take();
    const { recovery } = rig.world.services;
    const browser = recovery!.newBrowser();
    recovery!.ask({ address: person.address, browser, network: 'one' });
    const code = await rig.codeFor(person);
    const typed = await Promise.all(Array.from({ length: 12 }, () => recovery!.typeCode({ code, browser })));
    const winners = typed.filter((one) => one.kind === 'typed');
    expect(winners).toHaveLength(1);
    const window = winners[0]?.window ?? '';
    const passwords = Array.from({ length: 6 }, (_, index) => `${goodPassword}-and-${index}-more`);
    const set = await Promise.all(passwords.map((password) => recovery!.setPassword({ window, password })));
    expect(set.filter(({ kind }) => kind === 'done')).toHaveLength(1);
    const works = [];
    for (const password of passwords) works.push(await signIn(person.address, password));
    expect(works.filter((status) => status === 200)).toHaveLength(1);
    expect(works[set.findIndex(({ kind }) => kind === 'done')]).toBe(200);
  });

  test('a code is good in the browser that asked and nowhere else, once, and not when its time is over', async () => {
    const person = rig.take();
    const { recovery } = rig.world.services;
    const browser = recovery!.newBrowser();
    recovery!.ask({ address: person.address, browser, network: 'two' });
    const code = await rig.codeFor(person);
    expect(await recovery!.typeCode({ code, browser: recovery!.newBrowser() })).toEqual({ kind: 'refused' });
    await database.query('UPDATE allclear.recovery SET expires_at = clock_timestamp() WHERE account_id = $1', [
      person.accountId,
    ]);
    expect(await recovery!.typeCode({ code, browser })).toEqual({ kind: 'refused' });
    // The length of a halt is added to it.
    await database.query(
      `INSERT INTO allclear.halt_period (rollout_no, track, halted_at, resumed_at)
       SELECT r.no, 'tell', clock_timestamp() - interval '1 second', clock_timestamp() + interval '1 minute'
       FROM allclear.rollout r WHERE r.kind = 'plan' AND r.subject_no = $1`,
      [Number(rig.plan.slice(5))],
    );
    await vi.waitFor(async () => expect((await recovery!.typeCode({ code, browser })).kind).toBe('typed'));
    await database.query('DELETE FROM allclear.halt_period');
    expect(await recovery!.typeCode({ code, browser })).toEqual({ kind: 'refused' });
  });

  test('refuses the quarantined password, short and guessable ones, and takes any words without rules', async () => {
    const person = rig.take();
    const { recovery } = rig.world.services;
    const browser = recovery!.newBrowser();
    recovery!.ask({ address: person.address, browser, network: 'three' });
    const typed = await recovery!.typeCode({ code: await rig.codeFor(person), browser });
    if (typed.kind !== 'typed') throw new Error('the code was refused');
    const set = (password: string) => recovery!.setPassword({ window: typed.window, password });
    expect(await set('kwT7!')).toEqual({ kind: 'unfit', why: 'too-short' });
    expect(await set('P@ssw0rd2024')).toEqual({ kind: 'unfit', why: 'guessable' });
    expect(await set(person.address)).toEqual({ kind: 'unfit', why: 'guessable' });
    const old = await set(passwordOf(person) ?? '');
    expect(old.kind).toBe('unfit');
    expect(await signIn(person.address, passwordOf(person) ?? '')).toBe(401);
    expect(await set('wandering otters applaud quietly')).toEqual({ kind: 'done' });
    expect(await signIn(person.address, 'wandering otters applaud quietly')).toBe(200);
  });

  test('a strong password that was quarantined is refused against its seal, and works nowhere', async () => {
    const person = rig.take((one) => (one.passwordIndex ?? 0) >= listedInPool);
    const { recovery } = rig.world.services;
    const browser = recovery!.newBrowser();
    recovery!.ask({ address: person.address, browser, network: 'four' });
    const typed = await recovery!.typeCode({ code: await rig.codeFor(person), browser });
    if (typed.kind !== 'typed') throw new Error('the code was refused');
    expect(await recovery!.setPassword({ window: typed.window, password: passwordOf(person) ?? '' })).toEqual({
      kind: 'unfit',
      why: 'quarantined',
    });
    expect(await signIn(person.address, passwordOf(person) ?? '')).toBe(401);
  });

  test('a server that died between writing a password and noting it ends well with the same request, and with no other', async () => {
    const person = rig.take();
    const { recovery } = rig.world.services;
    const browser = recovery!.newBrowser();
    recovery!.ask({ address: person.address, browser, network: 'six' });
    const typed = await recovery!.typeCode({ code: await rig.codeFor(person), browser });
    if (typed.kind !== 'typed') throw new Error('the code was refused');
    const set = (password: string) => recovery!.setPassword({ window: typed.window, password });
    expect(await set(goodPassword)).toEqual({ kind: 'done' });
    await database.query(
      `UPDATE allclear.recovery SET done_at = NULL, setting_at = clock_timestamp() WHERE account_id = $1`,
      [person.accountId],
    );
    await database.query(
      `UPDATE allclear.restore_point SET state = 'open', closed_at = NULL, closed_by = NULL WHERE account_id = $1`,
      [person.accountId],
    );
    expect(await set(`${goodPassword}-another`)).toEqual({ kind: 'closed' });
    expect(await set(goodPassword)).toEqual({ kind: 'done' });
    expect(await set(goodPassword)).toEqual({ kind: 'closed' });
    expect(await signIn(person.address, goodPassword)).toBe(200);
    const { rows } = await database.query('SELECT state FROM allclear.restore_point WHERE account_id = $1', [
      person.accountId,
    ]);
    expect(rows).toEqual([{ state: 'retired' }]);
  });

  test('a holder who has chosen a password elsewhere meanwhile keeps it', async () => {
    const person = rig.take();
    const { recovery } = rig.world.services;
    const browser = recovery!.newBrowser();
    recovery!.ask({ address: person.address, browser, network: 'five' });
    const typed = await recovery!.typeCode({ code: await rig.codeFor(person), browser });
    if (typed.kind !== 'typed') throw new Error('the code was refused');
    const chirp = makeChirpClient(rig.world.chirp.url);
    await chirp.forgotPassword(person.address);
    const token = await vi.waitFor(async () => {
      for (const mail of mailsTo(rig.world.mailbox, person.address)) {
        const found = /reset-password\?token=([\w-]+)/.exec((await parseMessage(mail)).text)?.[1];
        if (found !== undefined) return found;
      }
      throw new Error('no link yet');
    });
    expect((await chirp.resetPassword(token, 'their own ladder 55 pebble')).status).toBe(200);
    expect(await recovery!.setPassword({ window: typed.window, password: goodPassword })).toEqual({ kind: 'closed' });
    expect(await signIn(person.address, 'their own ladder 55 pebble')).toBe(200);
  });

  test('where the mailbox is in doubt a code alone opens nothing for a day, all addresses are told, and a word stops it', async () => {
    const [person, second] = [rig.take(), rig.take()];
    const { recovery } = rig.world.services;
    for (const { accountId } of [person, second])
      await database.query(`UPDATE allclear.plan_target SET lane = 'address-changed' WHERE account_id = $1`, [
        accountId,
      ]);
    const windows: string[] = [];
    for (const who of [person, second]) {
      const browser = recovery!.newBrowser();
      recovery!.ask({ address: who.address, browser, network: `delayed ${who.accountId}` });
      const typed = await recovery!.typeCode({ code: await rig.codeFor(who), browser });
      if (typed.kind !== 'typed') throw new Error('the code was refused');
      expect(typed.isWaiting).toBe(true);
      expect(typed.opensAt.getTime()).toBeGreaterThan(Date.now() + 23 * 3_600_000);
      windows.push(typed.window);
      expect((await recovery!.setPassword({ window: typed.window, password: goodPassword })).kind).toBe('waiting');
    }
    const stranger = openBrowser(rig.world.serverUrl);
    const stopped = await stranger.post('/recover/stop', { code: await rig.codeFor(person, 2) });
    expect(await stopped.text()).toContain('It is stopped');
    await database.query(`UPDATE allclear.recovery SET opens_at = clock_timestamp() WHERE way = 'delayed'`);
    expect(await recovery!.setPassword({ window: windows[0]!, password: goodPassword })).toEqual({ kind: 'closed' });
    expect(await recovery!.setPassword({ window: windows[1]!, password: goodPassword })).toEqual({ kind: 'done' });
    expect(await signIn(person.address, goodPassword)).toBe(401);
    expect(await signIn(second.address, goodPassword)).toBe(200);
  });

  test('a list that names the mailbox, also one that came after the plan, makes a mail alone open nothing', async () => {
    const person = rig.take();
    const { recovery } = rig.world.services;
    await database.query(
      `UPDATE allclear.evidence SET names_mailbox = true
       WHERE evidence_no = (SELECT min(evidence_no) FROM allclear.evidence WHERE account_id = $1 AND state = 'live')`,
      [person.accountId],
    );
    const browser = recovery!.newBrowser();
    recovery!.ask({ address: person.address, browser, network: 'named' });
    const typed = await recovery!.typeCode({ code: await rig.codeFor(person), browser });
    expect(typed).toMatchObject({ kind: 'typed', isWaiting: true });
  });

  test('very many wrong codes leave each later code one try, tell it to the operators, and lock out nobody who types it right', async () => {
    const { recovery } = rig.world.services;
    const asked = async (network: string) => {
      const person = rig.take();
      const browser = recovery!.newBrowser();
      recovery!.ask({ address: person.address, browser, network });
      return { browser, code: await rig.codeFor(person) };
    };
    const wrong = 'ZZZZ-2222';
    for (const network of ['trip one', 'trip two']) {
      const { browser } = await asked(network);
      for (let at = 0; at < 5; at += 1) await recovery!.typeCode({ code: wrong, browser });
    }
    const slip = await asked('after a slip');
    expect((await recovery!.typeCode({ code: wrong, browser: slip.browser })).kind).toBe('refused');
    expect((await recovery!.typeCode(slip)).kind).toBe('refused');
    const right = await asked('after none');
    expect((await recovery!.typeCode(right)).kind).toBe('typed');
    const { rows } = await database.query(`SELECT FROM allclear.ledger_entry WHERE event = 'recovery.tripped'`);
    expect(rows).toHaveLength(1);
  });

  test('its ledger is whole, and says of each wave how many asked, typed and were done', async () => {
    expect((await rig.world.services.verifyLedger()).whole).toBe(true);
    const waves = await rig.world.installation.store.transact((tx) => tx.recoveries.byWave(rig.plan));
    const sum = (name: 'contained' | 'asked' | 'typed' | 'done'): number =>
      waves.reduce((all, wave) => all + wave[name], 0);
    expect(sum('contained')).toBe(30);
    expect(sum('asked')).toBeGreaterThanOrEqual(sum('typed'));
    expect(sum('typed')).toBeGreaterThan(sum('done') - 1);
    expect(sum('done')).toBeGreaterThanOrEqual(5);
  });
});

async function faceOf(answer: Response): Promise<object> {
  const headers = Object.fromEntries(
    [...answer.headers]
      .filter(([name]) => !['date', 'x-request-id'].includes(name))
      .map(([name, value]) => [name, value.replace(/[0-9a-f]{32}/, 'TOKEN')]),
  );
  return { status: answer.status, headers, body: await answer.text() };
}

function randomSymbols(count: number): string {
  const symbols = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
  return [...randomBytes(count)].map((byte) => symbols[byte % symbols.length]).join('');
}
