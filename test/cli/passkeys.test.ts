import { describe, expect, it } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { signatures } from '../../src/adapters/crypto/signing-key.ts';
import { parseLinkRequest } from '../../src/domain/approval/link-request.ts';
import { adasKey, openTestCli } from './cli-world.ts';

const code = '0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV';

describe('a one-time link', () => {
  it('is asked for with a signature over deployment and person, and its code is behind the #', async () => {
    const sent: string[] = [];
    const cli = await openTestCli({
      async makeLink(text, signature) {
        expect(signatures.verify(adasKey.publicKey, text, signature)).toBe(true);
        sent.push(text);
        return { operator: 'operator_1', code, expiresAt: new Date('2026-11-23T12:15:00Z') };
      },
    });
    const { exit, stdout } = await cli.run('operator', 'link', 'operator_1', '--key', 'k');
    expect(exit).toBe(0);
    expect(stdout).toContain(`http://localhost:8470/console/join#${code}`);
    expect(stdout).toContain('12:15 UTC');
    expect(parseLinkRequest(sent[0] ?? '', (value) => digests.canonical(value))).toMatchObject({
      deployment: 'dep_0123456789abcdef',
      operator: 'operator_1',
      purpose: 'passkey',
    });
    await cli.close();
  });

  it('is printed when one of the first operators is made, for the console of that server', async () => {
    const cli = await openTestCli({});
    const { exit, stdout } = await cli.run('operator', 'add', '--name', 'ann', '--email', 'ann@ops.example', '--json');
    expect(exit).toBe(0);
    const { link } = JSON.parse(stdout) as { link: string };
    expect(link).toBe('http://localhost:8470/console/join#0000-0000-0000-0000-0000-0000-0000');
    await cli.close();
  });
});

describe('passkeys of one’s own', () => {
  it('are listed without anything that signs, and revoked by id', async () => {
    const revoked: unknown[] = [];
    const cli = await openTestCli({
      listPasskeys: async () => [
        {
          passkeyId: 'passkey_3',
          operatorId: 'operator_1',
          name: 'phone',
          credentialId: 'the-credential',
          publicKey: 'the-key',
          coseKey: 'the-cose-key',
          rpId: 'localhost',
          transports: [],
          aaguid: '',
          isBackupEligible: true,
          isBackedUp: true,
          signCount: 0,
          createdAt: new Date('2026-11-01T10:00:00Z'),
          lastUsedAt: null,
          revokedAt: null,
        },
      ],
      async revokePasskey(input) {
        revoked.push(input);
        return true;
      },
    });
    const list = await cli.run('operator', 'passkey', '--list');
    expect(list.stdout).toMatch(/passkey_3\s+phone\s+2026-11-01T10:00\s+never\s+yes/);
    expect(list.stdout).not.toContain('the-');
    expect((await cli.run('operator', 'passkey', '--revoke', 'passkey_3')).exit).toBe(0);
    expect(revoked).toEqual([{ passkey: 'passkey_3', by: 'operator_1' }]);
    expect((await cli.run('operator', 'passkey')).exit).toBe(2);
    expect((await cli.run('operator', 'passkey', '--revoke', 'phone')).exit).toBe(2);
    await cli.close();
  });
});
