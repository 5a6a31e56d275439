import { chmod, readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { openLedgerKey, openOperatorKey, writeKeyFile } from '../../src/adapters/crypto/key-file.ts';
import { isEncryptedPem, loadSigningKey, makeSigningKey, signatures } from '../../src/adapters/crypto/signing-key.ts';
import { isPublicKey } from '../../src/domain/approval/operator.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

async function folder(): Promise<string> {
  return makeTempFolder('keys');
}

describe('a signing key', () => {
  test('signs what only its own public key verifies', () => {
    const key = makeSigningKey();
    const signature = key.sign('yes to 12');
    expect(signatures.verify(key.publicKey, 'yes to 12', signature)).toBe(true);
    expect(signatures.verify(key.publicKey, 'yes to 13', signature)).toBe(false);
    expect(signatures.verify(makeSigningKey().publicKey, 'yes to 12', signature)).toBe(false);
  });

  test('agrees with RFC 8032, section 7.1, test 2', () => {
    const hex = (text: string): string => Buffer.from(text, 'hex').toString('base64url');
    const publicKey = hex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
    const signature = hex(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    );
    expect(signatures.verify(publicKey, 'r', signature)).toBe(true);
  });

  test('of any other spelling of a key or a signature is not verified', () => {
    const key = makeSigningKey();
    const signature = key.sign('yes');
    for (const wrong of ['', '=', signature.slice(1), `${signature}A`, `${signature}=`, `${signature}\n`]) {
      expect(signatures.verify(key.publicKey, 'yes', wrong)).toBe(false);
    }
    expect(signatures.verify(`${key.publicKey}=`, 'yes', signature)).toBe(false);
    expect(isPublicKey(key.publicKey)).toBe(true);
    expect(isPublicKey(`${key.publicKey.slice(0, -1)}B`)).toBe(false);
  });

  test('comes back from an encrypted file only with its passphrase, and no error tells the passphrase', async () => {
    const path = join(await folder(), 'operator.pem');
    const key = makeSigningKey();
    await writeKeyFile(path, key, 'correct horse');
    expect(isEncryptedPem(await readFile(path, 'utf8'))).toBe(true);
    const opened = await openOperatorKey(path, 'production', 'correct horse');
    expect(opened).toMatchObject({ isEncrypted: true, key: { publicKey: key.publicKey } });
    await expect(openOperatorKey(path, 'sample')).rejects.toMatchObject({ code: 'key-missing' });
    const wrong = await openOperatorKey(path, 'production', 'wrong staple').catch((error: Error) => error);
    expect(wrong).toMatchObject({ code: 'key-missing' });
    expect(String(wrong)).not.toContain('wrong staple');
  });

  test('is refused when others may read its file, and never written over another', async () => {
    const path = join(await folder(), 'operator.pem');
    await writeKeyFile(path, makeSigningKey());
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await expect(writeKeyFile(path, makeSigningKey())).rejects.toMatchObject({ code: 'conflict' });
    await chmod(path, 0o640);
    await expect(openOperatorKey(path, 'sample')).rejects.toMatchObject({ code: 'key-missing' });
  });

  test('without a passphrase is refused in production and shown as weaker elsewhere', async () => {
    const path = join(await folder(), 'operator.pem');
    await writeKeyFile(path, makeSigningKey());
    expect(await openOperatorKey(path, 'staging')).toMatchObject({ isEncrypted: false });
    await expect(openOperatorKey(path, 'production')).rejects.toMatchObject({ code: 'key-missing' });
  });

  test('of another kind is refused', () => {
    expect(() => loadSigningKey('not a key')).toThrow('cannot be opened');
  });

  test('of the ledger is made once and then found again', async () => {
    const path = join(await folder(), 'keys', 'ledger.key');
    const first = await openLedgerKey(path);
    const second = await openLedgerKey(path);
    expect([first.made, second.made]).toEqual([true, false]);
    expect(second.key.publicKey).toBe(first.key.publicKey);
  });

  test('of the ledger is one key when several processes start at once', async () => {
    const path = join(await folder(), 'keys', 'ledger.key');
    const opened = await Promise.all(Array.from({ length: 8 }, () => openLedgerKey(path)));
    expect(new Set(opened.map((one) => one.key.publicKey)).size).toBe(1);
    expect(opened.filter((one) => one.made)).toHaveLength(1);
    expect(await readdir(join(path, '..'))).toEqual(['ledger.key']);
  });
});

describe('a canonical text', () => {
  test('agrees with RFC 8785, section 3.2.2 and 3.2.3', () => {
    const value = {
      '€': 1e30,
      '\r': 4.5,
      '1': 2e-3,
      '😀': 1e-27,
      ö: 333333333.33333329,
      '\u0080': '\u20ac$\u000f\nA\'B"\\\\"/',
    };
    expect(digests.canonical(value)).toBe(
      '{"\\r":4.5,"1":0.002,"\u0080":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/","ö":333333333.3333333,"€":1e+30,"😀":1e-27}',
    );
  });

  test('is refused for what JSON cannot say', () => {
    for (const value of [undefined, Number.NaN, Number.POSITIVE_INFINITY, '\ud800', { a: '\udc00' }]) {
      expect(() => digests.canonical(value)).toThrow();
    }
  });

  test('has one digest, whether fed whole or piece by piece', () => {
    const stream = digests.sha256Stream();
    stream.update('ab');
    stream.update(new Uint8Array([0x63]));
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(stream.digest()).toBe(abc);
    expect(digests.sha256('abc')).toBe(abc);
  });
});
