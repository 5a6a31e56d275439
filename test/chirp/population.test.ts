import { verifyPassword } from 'better-auth/crypto';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { populate } from '../../examples/chirp/population.ts';
import { groundTruth, passwordOf, type Person } from '../../examples/chirp/population/ground-truth.ts';
import { keepPeople } from '../../examples/chirp/population/keep-people.ts';
import { makeRandom } from '../../examples/chirp/random.ts';
import { cloneChirp, ensureChirpTemplate } from '../../examples/chirp/template.ts';
import { withTestPostgres } from '../support/postgres.ts';

const size = 2_000;
const seed = 11;
const postgres = withTestPostgres();

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function shareOf(people: readonly Person[], is: (person: Person) => boolean): number {
  return people.filter(is).length / people.length;
}

describe('the population', () => {
  test('the same seed gives the same people, another seed gives others', () => {
    expect(groundTruth(seed, size)).toEqual(groundTruth(seed, size));
    const one = new Set(groundTruth(seed, size).people.map((person) => person.accountId));
    expect(groundTruth(seed + 1, size).people.some((person) => one.has(person.accountId))).toBe(false);
  });

  test('no two people share an account id or an address, and each address is stored in lower case', () => {
    const { people } = groundTruth(7, 12_000);
    expect(new Set(people.map((person) => person.accountId)).size).toBe(people.length);
    expect(new Set(people.map((person) => person.address)).size).toBe(people.length);
    for (const { address } of people) expect(address).toBe(address.toLowerCase());
  });

  test('every address is on a domain that can never receive a mail', () => {
    for (const { address } of groundTruth(7, 12_000).people) {
      expect(address).toMatch(/@(?:[^@]+\.example|example\.(?:com|net|org))$/);
    }
  });

  test('the mix is the promised one', () => {
    const { people } = groundTruth(7, 12_000);
    expect(shareOf(people, (person) => person.language === 'en')).toBeCloseTo(0.55, 2);
    expect(shareOf(people, (person) => person.language === 'ja')).toBeCloseTo(0.1, 2);
    expect(shareOf(people, (person) => person.business)).toBeCloseTo(0.02, 2);
    expect(people.filter((person) => person.staff)).toHaveLength(24);
    expect(shareOf(people, (person) => person.passwordIndex === null)).toBeCloseTo(0.04, 2);
    expect(shareOf(people, (person) => !person.addressConfirmed)).toBeCloseTo(0.03, 2);
    expect(shareOf(people, (person) => person.liveSessions > 0)).toBeCloseTo(0.3, 2);
    expect(people.some((person) => person.address.includes('+'))).toBe(true);
    expect(people.some((person) => person.address.includes('xn--'))).toBe(true);
    const international = people.filter((person) => /[^\x20-\x7e]/.test(person.address));
    expect(international.length).toBeGreaterThan(3);
    expect(international.every((person) => person.passwordIndex === null)).toBe(true);
    expect(people.every((person) => person.formerPasswordIndex !== (person.passwordIndex ?? -1))).toBe(true);
  });

  test('a small sample keeps every rare kind', () => {
    const truth = groundTruth(7, 12_000);
    for (const keep of [100, 300]) {
      const { people } = keepPeople(truth, keep);
      expect(people).toHaveLength(keep);
      expect(new Set(people.map((person) => person.language)).size).toBe(4);
      expect(people.some((person) => person.staff)).toBe(true);
      expect(people.filter((person) => person.business).length).toBeGreaterThanOrEqual(2);
      expect(people.filter((person) => person.passwordIndex === null).length).toBeGreaterThanOrEqual(2);
      expect(people.filter((person) => !person.addressConfirmed).length).toBeGreaterThanOrEqual(2);
      expect(shareOf(people, (person) => person.language === 'en')).toBeGreaterThan(0.45);
      expect(shareOf(people, (person) => person.language === 'en')).toBeLessThan(0.65);
    }
  });
});

describe('the population in a database', () => {
  test('is what the ground truth says: better-auth itself takes each sampled password, and no other', async () => {
    const url = await postgres.freshDatabase();
    const truth = await populate(url, { size, seed });
    expect(truth).toEqual(groundTruth(seed, size));
    await withClient(url, async (client) => {
      const { rows } = await client.query<{ userId: string; providerId: string; password: string | null }>(
        'SELECT "userId", "providerId", password FROM account',
      );
      expect(rows).toHaveLength(size);
      const stored = new Map(rows.map((row) => [row.userId, row]));
      const sample = makeRandom(seed, 'sample').shuffle(truth.people).slice(0, 16);
      for (const person of sample) {
        const password = passwordOf(person);
        const row = stored.get(person.accountId)!;
        if (password === null) {
          expect(row).toMatchObject({ providerId: 'google', password: null });
          continue;
        }
        expect(await verifyPassword({ hash: row.password!, password })).toBe(true);
        expect(await verifyPassword({ hash: row.password!, password: `${password}x` })).toBe(false);
      }
      const live = await client.query('SELECT DISTINCT "userId" FROM session WHERE "expiresAt" > now()');
      expect(live.rowCount).toBe(truth.people.filter((person) => person.liveSessions > 0).length);
    });
  });

  test('two clones are apart: what is deleted in one stays in the other, and in the template', async () => {
    const adminUrl = await postgres.freshDatabase();
    const names = await Promise.all([
      ensureChirpTemplate(adminUrl, { size, seed }),
      ensureChirpTemplate(adminUrl, { size, seed }),
    ]);
    expect(names[0]).toBe(names[1]);
    const small = await cloneChirp(adminUrl, 'small', { size, seed, keep: 120 });
    const whole = await cloneChirp(adminUrl, 'whole', { size, seed });
    const idsIn = (url: string): Promise<string[]> =>
      withClient(url, async (client) => {
        const { rows } = await client.query<{ id: string }>('SELECT id FROM "user"');
        return rows.map((row) => row.id).sort();
      });
    expect(await idsIn(small.url)).toEqual(small.truth.people.map((person) => person.accountId).sort());
    expect(small.truth.people).toHaveLength(120);
    expect(await idsIn(whole.url)).toHaveLength(size);
    await expect(cloneChirp(adminUrl, 'small', { size, seed })).rejects.toMatchObject({ code: '42P04' });
  });
});
