import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { describe, expect, test } from 'vitest';
import { groundTruth, passwordOf } from '../../examples/chirp/population/ground-truth.ts';
import { makeRandom } from '../../examples/chirp/random.ts';
import { accountLineKinds } from '../../examples/generator/account-lines.ts';
import { dirtKinds } from '../../examples/generator/dirt.ts';
import { generateCredentialList } from '../../examples/generator/generate-credential-list.ts';
import type { CredentialListOptions, CredentialListTruth } from '../../examples/generator/generate-credential-list.ts';
import { generateObservedList, observedHeader } from '../../examples/generator/generate-observed-list.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const { people } = groundTruth(7, 12_000);
const byId = new Map(people.map((person) => [person.accountId, person]));

async function makeList(
  options: Partial<CredentialListOptions> = {},
): Promise<{ readonly bytes: Buffer; readonly truth: CredentialListTruth }> {
  const list = generateCredentialList({ lines: 20_000, seed: 3, people, ...options });
  const chunks: Buffer[] = [];
  for await (const chunk of list.chunks) chunks.push(chunk);
  return { bytes: Buffer.concat(chunks), truth: list.truth() };
}

/** Lines of the bytes, each byte one character, by the rule that the generator states. */
function linesOf(bytes: Buffer): string[] {
  const lines = bytes.toString('latin1').split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function asText(line: string): string {
  return Buffer.from(line, 'latin1').toString('utf8');
}

/** What the line says is the password, if it names the address; by other means than the generator writes it. */
function passwordBeside(line: string, address: string): string | null {
  const text = asText(line);
  const at = text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()).indexOf(address);
  if (at === -1) return null;
  const rest = text
    .slice(at + address.length)
    .replace(/^"? ?/, '')
    .slice(1);
  return rest.startsWith('"') ? rest.slice(1, -1).replaceAll('""', '"') : rest;
}

describe('a leaked list', () => {
  test('the same seed gives the same bytes and the same truth', async () => {
    const [one, again, other] = [await makeList(), await makeList(), await makeList({ seed: 4 })];
    const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
    expect(digest(again.bytes)).toBe(digest(one.bytes));
    expect(again.truth).toEqual(one.truth);
    expect(digest(other.bytes)).not.toBe(digest(one.bytes));
  });

  test.each([1, 2, 3, 4, 5])('has exactly the lines that it counts, of every kind (seed %i)', async (seed) => {
    const { bytes, truth } = await makeList({ seed });
    expect(linesOf(bytes)).toHaveLength(truth.lines);
    expect(bytes.length).toBe(truth.bytes);
    const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);
    expect(sum(truth.kinds)).toBe(truth.lines);
    expect(sum(truth.ends)).toBe(truth.lines);
    for (const kind of [...accountLineKinds, ...dirtKinds]) {
      if (kind !== 'empty') expect([kind, truth.kinds[kind] > 0]).toEqual([kind, true]);
    }
    expect(Math.max(...linesOf(bytes).map((line) => line.length))).toBeGreaterThan(64 * 1024);
  });

  test('the truth names the very lines where a current password stands, as better-auth judges it', async () => {
    const { bytes, truth } = await makeList();
    const lines = linesOf(bytes);
    expect(truth.compromised.size).toBeGreaterThan(100);
    const sample = makeRandom(1, 'sample')
      .shuffle([...truth.compromised])
      .slice(0, 24);
    for (const [accountId, numbers] of sample) {
      const person = byId.get(accountId)!;
      const listed = passwordBeside(lines[numbers[0]! - 1]!, person.address);
      expect(listed).not.toBeNull();
      const hash = await hashPassword(passwordOf(person)!);
      expect(await verifyPassword({ hash, password: listed! })).toBe(true);
    }
  });

  test('no current password stands on any other line, whoever reads it honestly', async () => {
    const { bytes, truth } = await makeList();
    const byAddress = new Map(people.map((person) => [person.address, person]));
    const found = new Map<string, number[]>();
    linesOf(bytes).forEach((line, index) => {
      if (line.length > 10_000) return;
      const text = asText(line).replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
      // A run without separators or blanks around each `@`.
      const address = text.match(/[^\s:;|,"'()]+@[^\s:;|,"'()]+/g)?.find((run) => byAddress.has(run));
      const person = address === undefined ? undefined : byAddress.get(address);
      const current = person === undefined ? null : passwordOf(person);
      if (person === undefined || current === null) return;
      const listed = passwordBeside(line, person.address);
      if (listed?.normalize('NFKC') !== current.normalize('NFKC')) return;
      found.set(person.accountId, [...(found.get(person.accountId) ?? []), index + 1]);
    });
    expect(found).toEqual(truth.compromised);
  });

  test('short lists still name a business account, one without a confirmed address and a passwordless one', async () => {
    const { truth } = await makeList({ lines: 1_000 });
    const met = [...truth.met].map((accountId) => byId.get(accountId)!);
    const hit = [...truth.compromised.keys()].map((accountId) => byId.get(accountId)!);
    expect(hit.some((person) => person.business)).toBe(true);
    expect(hit.some((person) => !person.addressConfirmed)).toBe(true);
    expect(met.some((person) => person.passwordIndex === null)).toBe(true);
    expect(hit.every((person) => person.passwordIndex !== null)).toBe(true);
  });

  test('the share of right passwords is a parameter: none means nobody', async () => {
    const { truth } = await makeList({ shares: { right: 0 } });
    expect(truth.compromised.size).toBe(0);
    expect(truth.met.size).toBeGreaterThan(0);
  });

  test('one form alone makes a list of one piece', async () => {
    const { truth } = await makeList({ forms: ['pipe'] });
    expect(truth.forms).toMatchObject({ colon: 0, semicolon: 0, tab: 0, csv: 0, 'csv-quoted': 0 });
    expect(truth.forms.pipe).toBeGreaterThan(0);
  });

  test('the truth is not given before the list is written', () => {
    expect(() => generateCredentialList({ lines: 1_000, seed: 1, people }).truth()).toThrow(/read every chunk/);
  });
});

describe('an observed list', () => {
  const options = {
    seed: 5,
    people,
    accounts: 200,
    rule: 'sign-in-from-listed-network',
    from: new Date('2026-01-01T00:00:00Z'),
    until: new Date('2026-01-08T00:00:00Z'),
  };

  test.each([0, 0.5, 1])('tells how many are really compromised at a rate of %d', (trueShare) => {
    const { truth } = generateObservedList({ ...options, trueShare });
    expect(truth.compromised.size).toBe(200 * trueShare);
    expect(truth.innocent.size).toBe(200 * (1 - trueShare));
  });

  test('its sound rows name exactly the accounts of the truth, inside the time asked for', () => {
    const { csv, truth } = generateObservedList({ ...options, trueShare: 0.9 });
    const [header, ...rows] = csv.trimEnd().split('\n');
    expect(header).toBe(observedHeader);
    expect(rows).toHaveLength(truth.rows);
    const named = new Set<string>();
    for (const row of rows) {
      const [accountId = '', eventId = '', time = '', rule = ''] = row.split(',');
      const isSound = byId.has(accountId) && eventId !== '' && /^\d{4}-/.test(time) && rule !== '';
      const at = Date.parse(time);
      if (isSound && at >= options.from.getTime() && at < options.until.getTime()) named.add(accountId);
    }
    expect(named).toEqual(new Set([...truth.compromised, ...truth.innocent]));
  });

  test('the same seed gives the same list', () => {
    expect(generateObservedList({ ...options, trueShare: 0.9 })).toEqual(
      generateObservedList({ ...options, trueShare: 0.9 }),
    );
  });
});

describe('the command', () => {
  const main = fileURLToPath(new URL('../../examples/generator/main.ts', import.meta.url));
  const run = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
    promisify(execFile)(process.execPath, [main, ...args]);

  test('writes the list and its truth for their owner only, and the truth names no address and no password', async () => {
    const folder = makeTempFolder('chirp-lists');
    try {
      const [list, truth] = [join(folder, 'list.txt'), join(folder, 'truth.json')];
      await run(
        'credentials',
        '--lines',
        '20000',
        '--seed',
        '3',
        '--accounts',
        '12000',
        '--out',
        list,
        '--truth',
        truth,
      );
      const made = await makeList();
      expect((await readFile(list)).equals(made.bytes)).toBe(true);
      expect((await stat(list)).mode & 0o077).toBe(0);
      expect((await stat(truth)).mode & 0o077).toBe(0);
      const text = await readFile(truth, 'utf8');
      expect(text).not.toContain('@');
      const told = JSON.parse(text) as { compromised: Record<string, number[]> };
      expect(told.compromised).toEqual(Object.fromEntries(made.truth.compromised));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('a wrong number is refused with a sentence, before anything is written', async () => {
    await expect(run('credentials', '--out', '-', '--lines', 'many')).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('--lines is not a whole number.'),
    });
  });
});
