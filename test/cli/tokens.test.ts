import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { signatures } from '../../src/adapters/crypto/signing-key.ts';
import type { AddOperatorInput } from '../../src/app/operator/add-operator.ts';
import type { RevokeTokenInput } from '../../src/app/operator/revoke-token.ts';
import { tokenFile, writeTokenFile } from '../../src/cli/operator-files.ts';
import type { Services } from '../../src/http/services.ts';
import { ada, operatorToken } from '../http/fake-services.ts';
import { adasKey, openTestCli } from './cli-world.ts';

const expiresAt = new Date('2026-11-23T20:00:00Z');

async function runWith(services: Partial<Services>, ...argv: readonly string[]) {
  const cli = await openTestCli(services);
  const paths = argv.map((word) => word.replace('HOME', cli.home));
  const run = await cli.run(...paths);
  return { ...run, home: cli.home, close: () => cli.close() };
}

function issuing() {
  const asked: { request: Record<string, unknown>; isSigned: boolean }[] = [];
  const issueToken: Services['issueToken'] = async (request, signature) => {
    const isSigned = signatures.verify(adasKey.publicKey, request, signature);
    asked.push({ request: JSON.parse(request) as Record<string, unknown>, isSigned });
    return { id: 'token_12', token: 'act_new', expiresAt };
  };
  return { asked, services: { issueToken } };
}

const token = ['operator', 'token', 'operator_3', '--key', 'k'];

describe('a token for less', () => {
  it('is signed with its scope and its hours, and goes into a file that only its owner reads', async () => {
    const { asked, services } = issuing();
    const run = await runWith(services, ...token, '--scope', 'read,halt,read', '--hours', '8', '--out', 'HOME/dash');
    expect([run.exit, run.stdout]).toEqual([
      0,
      `The token is in ${run.home}/dash, valid until 2026-11-23T20:00 UTC.\n`,
    ]);
    expect(asked).toMatchObject([{ isSigned: true, request: { scope: 'halt read', hours: 8, purpose: 'token' } }]);
    expect(await readFile(join(run.home, 'dash'), 'utf8')).toBe('act_new\n');
    expect((await stat(join(run.home, 'dash'))).mode & 0o777).toBe(0o600);
    expect(run.stdout + run.stderr).not.toContain('act_new');
    await run.close();
  });

  it('does not take the place of the one that --as finds', async () => {
    const { asked, services } = issuing();
    const run = await runWith(services, ...token, '--scope', 'halt', '--as', 'ada');
    expect([run.exit, asked]).toEqual([2, []]);
    expect(run.stderr).toContain('--out');
    await run.close();
  });

  it('of a scope or a time that is none is not asked for', async () => {
    for (const wrong of [
      ['--scope', 'everything'],
      ['--scope', ','],
      ['--hours', '0'],
      ['--hours', '721'],
      ['--hours', '1d'],
    ]) {
      const { asked, services } = issuing();
      const run = await runWith(services, ...token, ...wrong, '--out', 'HOME/x');
      expect([run.exit, asked], wrong.join(' ')).toEqual([2, []]);
      await run.close();
    }
  });

  it('is all of the role for thirty days where nobody says otherwise', async () => {
    const { asked, services } = issuing();
    const run = await runWith(services, ...token, '--as', 'ada', '--json');
    expect(JSON.parse(run.stdout)).toMatchObject({ token: 'token_12', scope: 'full', operator: 'operator_3' });
    expect(asked).toMatchObject([{ request: { scope: 'full', hours: 720 } }]);
    await run.close();
  });
});

describe('tokens that are there', () => {
  it('are listed by id, with the hour of the last use, and revoked by id', async () => {
    const revoked: RevokeTokenInput[] = [];
    const services: Partial<Services> = {
      listTokens: async () => [
        {
          token: 'token_12',
          operatorId: 'operator_1',
          scope: ['halt', 'read'],
          createdAt: expiresAt,
          expiresAt,
          revokedAt: null,
          lastUsedAt: new Date('2026-11-23T11:00:00Z'),
        },
      ],
      revokeToken: async (input) => {
        revoked.push(input);
        return true;
      },
    };
    const listed = await runWith(services, 'operator', 'token', '--list');
    expect(listed.stdout).toContain('token_12  operator_1  halt read');
    expect(listed.stdout).toMatch(/2026-11-23T11\s*$/m);
    const ended = await runWith(services, 'operator', 'token', '--revoke', 'token_12');
    expect([ended.exit, ended.stdout]).toEqual([0, 'token_12 is revoked: it does nothing from now on.\n']);
    expect(revoked).toEqual([{ token: 'token_12', by: 'operator_1', mayManage: true }]);
    const wrong = await runWith(services, 'operator', 'token', '--revoke', 'act_0123');
    expect(wrong.exit).toBe(2);
    for (const run of [listed, ended, wrong]) await run.close();
  });
});

describe('a person is added', () => {
  it('with the role that was named, and nobody with one that is none', async () => {
    const proposed: Partial<AddOperatorInput>[] = [];
    const services: Partial<Services> = {
      proposeOperator: async (input) => {
        proposed.push(input);
        return { operator: { ...ada, role: input.role }, token: null };
      },
    };
    const add = ['operator', 'add', '--name', 'Eve', '--email', 'eve@example.org', '--public-key', ada.publicKey ?? ''];
    for (const [more, role] of [
      [['--role', 'auditor'], 'auditor'],
      [[], 'operator'],
    ] as const) {
      const cli = await openTestCli(services);
      await writeTokenFile(tokenFile(cli.home, 'ada'), operatorToken);
      const run = await cli.run(...add, ...more, '--as', 'ada');
      expect([run.exit, proposed.at(-1)?.role], run.stderr).toEqual([0, role]);
      expect(run.stdout).toContain(`is proposed as ${role}`);
      await cli.close();
    }
    const wrong = await runWith(services, ...add, '--role', 'root', '--as', 'ada');
    expect([wrong.exit, proposed.length]).toEqual([2, 2]);
    expect(wrong.stderr).toContain('operator, approver, agent, auditor');
    await wrong.close();
  });
});
