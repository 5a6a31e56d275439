import { execFile } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { approvalEvents } from '../../src/app/approval/export-approvals.ts';
import { ledgerEvents } from '../../src/domain/ledger/events.ts';
import { SoftwareAuthenticator } from '../support/software-authenticator.ts';
import type { RequestOptions } from '../support/software-authenticator.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { atOurs, withConsole } from './console-world.ts';

const at = withConsole();
const tool = fileURLToPath(new URL('../../tools/verify-approvals.mjs', import.meta.url));
let folder: string;
let lines: readonly string[];

/** The script alone in an empty folder: no product, no packages, no network. */
async function verify(exported: readonly string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
  await writeFile(join(folder, 'approvals.ndjson'), `${exported.join('\n')}\n`);
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['verify-approvals.mjs', 'approvals.ndjson'],
      { cwd: folder, env: {} },
      (error, stdout, stderr) => resolve({ exit: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

beforeAll(async () => {
  folder = makeTempFolder('verify');
  await copyFile(tool, join(folder, 'verify-approvals.mjs'));
  const { people, enrol, signIn, callSignedIn, call, facts } = at();
  const authenticator = new SoftwareAuthenticator();
  await enrol(people[0], authenticator);
  const cookie = await signIn(authenticator);
  const { digest, total } = facts;
  const asked = { kind: 'plan', subject: 'plan_7', digest, total, decision: 'approve' };
  const offer = async (headers: Record<string, string>) =>
    (await call('POST', '/api/v1/approvals/options', asked, headers)).body as unknown as {
      statement: string;
      publicKey: RequestOptions;
    };
  const own = { cookie, 'sec-fetch-site': 'same-origin', 'x-allclear-console': '1' };
  const { statement, publicKey } = await offer(own);
  const assertion = authenticator.get(publicKey, atOurs);
  const path = '/api/v1/plans/plan_7/approvals';
  expect((await callSignedIn(cookie, 'POST', path, { statement, assertion })).status).toBe(200);
  await enrol(people[1], new SoftwareAuthenticator());
  const authorization = `Bearer ${people[1].token}`;
  const { statement: bos } = await offer({ authorization });
  const byKey = { statement: bos, signature: people[1].key.sign(bos) };
  expect((await call('POST', path, byKey, { authorization })).status).toBe(200);
  const { body } = await call('GET', '/api/v1/approvals/plan_7', undefined, { authorization });
  lines = (body as unknown as { entries: unknown[] }).entries.map((entry) => JSON.stringify(entry));
});

describe('the script that verifies approvals without us', () => {
  test('finds that both hold, by key and by passkey', async () => {
    const { exit, stdout, stderr } = await verify(lines);
    expect(stderr).toBe('');
    expect(exit).toBe(0);
    expect(stdout).toMatch(/holds {2}\S+ operator_1 by passkey: approve plan_7 total 12 digest [0-9a-f]{64}/);
    expect(stdout).toMatch(/holds {2}\S+ operator_2 by key: approve plan_7/);
    expect(stdout).toContain('2 said yes: plan_7 approve');
  });

  test('judges every kind of yes that there is', async () => {
    const kinds = Object.keys(ledgerEvents).filter((event) => /[.-]approved$/.test(event));
    expect([...approvalEvents].toSorted()).toEqual(kinds.toSorted());
    for (const kind of kinds) {
      const { exit, stdout } = await verify(lines.map((line) => line.replace('"plan.approved"', `"${kind}"`)));
      expect([kind, exit, stdout.match(/^holds/gm)?.length]).toEqual([kind, 0, 2]);
    }
  });

  const change = (of: 'passkey' | 'key', edit: (body: Record<string, never>) => void): readonly string[] =>
    lines.map((line) => {
      const entry = JSON.parse(line) as { event: string; body: Record<string, never> };
      const isByPasskey = 'passkey' in entry.body;
      if (entry.event === 'plan.approved' && isByPasskey === (of === 'passkey')) edit(entry.body);
      return JSON.stringify(entry);
    });
  const edited = (text: string, from: string, to: string): never => {
    expect(text).toContain(from);
    return text.replace(from, to) as never;
  };
  const flip = (text: string): never => `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}` as never;
  const reclient = (body: Record<string, never>, from: string, to: string): void => {
    const passkey = body['passkey'] as unknown as Record<string, string>;
    const plain = Buffer.from(passkey['clientData'] ?? '', 'base64url').toString();
    passkey['clientData'] = Buffer.from(edited(plain, from, to) as string).toString('base64url');
  };

  test.each<[string, () => readonly string[]]>([
    [
      'another total, by key',
      () => change('key', (b) => (b['statement'] = edited(b['statement'] ?? '', ':12', ':13'))),
    ],
    [
      'another total, by passkey',
      () => change('passkey', (b) => (b['statement'] = edited(b['statement'] ?? '', ':12', ':13'))),
    ],
    ['a signature that was changed, by key', () => change('key', (b) => (b['signature'] = flip(b['signature'] ?? '')))],
    ['another origin', () => change('passkey', (b) => reclient(b, 'http://localhost', 'https://evil.exam'))],
    ['another ceremony', () => change('passkey', (b) => reclient(b, 'webauthn.get', 'webauthn.set'))],
    [
      'authenticator data that were changed',
      () =>
        change('passkey', (b) => {
          const p = b['passkey'] as unknown as Record<string, string>;
          p['authenticatorData'] = flip(p['authenticatorData'] ?? '');
        }),
    ],
    ['a passkey that nobody registered', () => lines.filter((line) => !line.includes('"passkey.added"'))],
    [
      'one that was revoked before',
      () => {
        const i = lines.findIndex((line) => line.includes('"plan.approved"'));
        const revoked = {
          seq: 1,
          at: '',
          event: 'passkey.revoked',
          body: { operator: 'operator_1', passkey: 'passkey_1' },
        };
        return lines.toSpliced(i, 0, JSON.stringify(revoked));
      },
    ],
    ['white space in the text', () => change('key', (b) => (b['statement'] = edited(b['statement'] ?? '', ',', ', ')))],
    ['no yes at all', () => lines.filter((line) => !line.includes('"plan.approved"'))],
  ])('does not pass %s', async (_, tampered) => {
    const { exit, stderr } = await verify(tampered());
    expect(exit).toBe(1);
    expect(stderr).not.toBe('');
  });
});
