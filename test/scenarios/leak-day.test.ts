import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeChirpClient } from '../../examples/scenarios/chirp-client.ts';
import { leakedPasswordOf, runLeakDay } from '../../examples/scenarios/leak-day.ts';
import type { LeakDay } from '../../examples/scenarios/leak-day.ts';
import {
  asShown,
  canSignIn,
  mailKindsOf,
  mailsTo,
  readCredentials,
  readSessions,
} from '../../examples/scenarios/observe-world.ts';
import { openWorld } from '../../examples/scenarios/world.ts';
import type { World } from '../../examples/scenarios/world.ts';
import { parseMessage } from '../../src/adapters/embedded/mailbox-message.ts';
import { makeDkimVerifier } from '../../src/adapters/embedded/verify-dkim.ts';
import { makeDkimKeys } from '../../src/main/open-dkim.ts';
import { checkNotice } from '../support/notice-checker.ts';
import { whatIsTrue } from '../support/what-is-true.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

/** 300 accounts, and a dirty list of 100,000 lines that hits them with right, old and wrong passwords. */
let world: World;
let keysFolder: string;
let before: ReadonlyMap<string, string | null>;
let sessionsBefore: ReadonlyMap<string, number>;
let day: LeakDay;

beforeAll(async () => {
  keysFolder = makeTempFolder('keys');
  const dkim = {
    dkimDomain: 'chirp.example',
    dkimRsaKeyFile: join(keysFolder, 'rsa.pem'),
    dkimEd25519KeyFile: join(keysFolder, 'ed25519.pem'),
  };
  await makeDkimKeys({ ...dkim, environment: 'sample', dkimRsaSelector: 'r', dkimEd25519Selector: 'e' });
  world = await openWorld({
    keep: 300,
    settings: {
      ALLCLEAR_DKIM_DOMAIN: dkim.dkimDomain,
      ALLCLEAR_DKIM_RSA_KEY_FILE: dkim.dkimRsaKeyFile,
      ALLCLEAR_DKIM_ED25519_KEY_FILE: dkim.dkimEd25519KeyFile,
    },
  });
  before = await readCredentials(world.chirp.databaseUrl);
  sessionsBefore = await readSessions(world.chirp.databaseUrl);
  day = await runLeakDay(world);
}, 240_000);

afterAll(async () => {
  await world.close();
  await rm(keysFolder, { recursive: true, force: true });
});

test('the accounts found are exactly those whose leaked password works', async () => {
  const found = await world.installation.store.transact((tx) =>
    tx.evidence.pageOfBatch(day.batch, { classes: ['verified'], states: ['live'], after: null, limit: 1_000 }),
  );
  expect(found.map((one) => one.accountId).toSorted()).toEqual(
    day.compromised.map((person) => person.accountId).toSorted(),
  );
  expect(day.compromised.length).toBeGreaterThan(20);
});

test('exactly the contained accounts changed, everyone else has the byte-same password and the same sessions', async () => {
  const after = await readCredentials(world.chirp.databaseUrl);
  const sessions = await readSessions(world.chirp.databaseUrl);
  const contained = new Set(day.contained.map((person) => person.accountId));
  const touched = new Set(day.compromised.map((person) => person.accountId));
  for (const { accountId } of world.chirp.truth.people) {
    if (contained.has(accountId)) expect(after.get(accountId)).toMatch(/^allclear-q1\$/);
    else expect(after.get(accountId)).toBe(before.get(accountId));
    expect(sessions.get(accountId) ?? 0).toBe(touched.has(accountId) ? 0 : (sessionsBefore.get(accountId) ?? 0));
  }
});

test('each of them got one notice, true in every sentence and in their language, and nobody else got a mail', async () => {
  const told = new Set(day.told.map((person) => person.accountId));
  for (const person of world.chirp.truth.people) {
    expect(mailKindsOf(world.mailbox, person.address), person.accountId).toEqual(
      told.has(person.accountId) ? ['notice'] : [],
    );
  }
  expect(world.mailbox.count()).toBe(day.told.length);
  expect(new Set(day.told.map((person) => person.language)).size).toBeGreaterThanOrEqual(3);
  for (const person of day.told) {
    const [mail] = mailsTo(world.mailbox, person.address);
    const findings = await checkNotice(mail?.raw ?? '', {
      address: asShown(person.address),
      language: person.language,
      trueMeanings: whatIsTrue({
        oldPasswordWorks: false,
        choseNewPassword: false,
        sessionsEnded: true,
        passwordInList: true,
        observed: false,
        reported: false,
        earlierNotice: 'none',
        beingChecked: false,
        verdict: 'none',
      }),
      requiredMeanings: new Set(['old-password-works-no-more', 'password-known-to-others']),
      linkOrigins: [world.env['PUBLIC_URL'] ?? ''],
      serviceAddresses: ['help@chirp.example', 'security@localhost'],
    });
    expect(findings, person.accountId).toEqual([]);
  }
});

test('every notice carries two signatures that hold in the bytes that arrived', async () => {
  const records = world.installation.dkim?.records ?? [];
  const verifyDkim = makeDkimVerifier(new Map(records.map(({ name, value }) => [name, value])));
  for (const person of day.told) {
    const [mail] = mailsTo(world.mailbox, person.address);
    const verdicts = await verifyDkim(mail?.raw ?? Buffer.alloc(0));
    expect(verdicts.map(({ result, algorithm }) => `${result} ${algorithm}`)).toEqual([
      'pass rsa-sha256',
      'pass ed25519-sha256',
    ]);
  }
});

test('the leaked password opens nothing any more', async () => {
  for (const person of day.contained.slice(0, 10)) expect(await canSignIn(world.chirp.url, person)).toBe(false);
});

test('a holder gets back in by forgot-password, and the leaked password cannot be chosen again', async () => {
  for (const person of day.told.slice(0, 3)) {
    const client = makeChirpClient(world.chirp.url);
    const asked = await client.forgotPassword(person.address);
    expect(asked.status).toBe(200);
    const token = await resetTokenOf(person.address);
    const again = await client.resetPassword(token, leakedPasswordOf(person));
    expect(again.status).toBe(400);
    const fresh = `a quite new one for ${person.accountId}`;
    expect((await client.resetPassword(token, fresh)).status).toBe(200);
    expect((await makeChirpClient(world.chirp.url).signIn(person.address, fresh)).status).toBe(200);
    expect(await canSignIn(world.chirp.url, person)).toBe(false);
  }
});

test('the ledger is whole, and every count adds up', async () => {
  const status = await world.services.readRolloutStatus(day.plan.id);
  for (const track of status.tracks) {
    expect(Object.values(track.counts).reduce((sum, count) => sum + count, 0)).toBe(track.members);
  }
  const verdict = await world.services.verifyLedger();
  expect(verdict.findings).toEqual([]);
});

/** The token of the link in Chirp's own mail, which is the newest in the mailbox; its mail may come after the answer. */
async function resetTokenOf(address: string): Promise<string> {
  const isReset = () => mailsTo(world.mailbox, address).length > 1;
  await expect.poll(isReset, { timeout: 10_000 }).toBe(true);
  const mail = mailsTo(world.mailbox, address).at(-1);
  if (mail === undefined) throw new Error('the mail of Chirp did not come');
  const link = /https?:\/\/\S+/.exec((await parseMessage(mail)).text)?.[0] ?? '';
  return new URL(link).searchParams.get('token') ?? '';
}
