import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '../../domain/shared/failure.ts';
import { isEncryptedPem, loadSigningKey, makeSigningKey } from './signing-key.ts';
import type { SigningKey } from './signing-key.ts';

/** Read and write for the owner only. */
const ownerOnly = 0o600;
const othersMask = 0o077;

export interface OperatorKey {
  readonly key: SigningKey;
  /** False: whoever can read the file can say yes in its owner's name. Shown as the weaker kind. */
  readonly isEncrypted: boolean;
}

/**
 * Opens an operator's key file. Refuses one that others on the machine may read, and in production one without a
 * passphrase: it would not be one person's.
 */
export async function openOperatorKey(path: string, environment: string, passphrase?: string): Promise<OperatorKey> {
  const pem = await readPrivateFile(path);
  const isEncrypted = isEncryptedPem(pem);
  if (!isEncrypted && environment === 'production') {
    throw new Failure('key-missing', `The key file has no passphrase, which production does not take: ${path}`);
  }
  return { key: loadSigningKey(pem, passphrase), isEncrypted };
}

/** Writes a new key file, 0600, never over an existing one; it is there whole or not at all, on stable storage. */
export async function writeKeyFile(path: string, key: SigningKey, passphrase?: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  const file = await open(draft, 'wx', ownerOnly);
  try {
    await file.writeFile(key.toPem(passphrase));
    await file.sync();
    await link(draft, path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw new Failure('conflict', `A key file is already there and is not overwritten: ${path}`);
  } finally {
    await file.close();
    await unlink(draft);
  }
  await syncFolder(dirname(path));
}

/** The deployment's ledger key: made once, 0600, then only read. `made` tells the server to say so aloud. */
export async function openLedgerKey(path: string): Promise<{ readonly key: SigningKey; readonly made: boolean }> {
  const isThere = await stat(path).then(
    () => true,
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return false;
      throw cause;
    },
  );
  if (!isThere) {
    const key = makeSigningKey();
    try {
      await writeKeyFile(path, key);
      return { key, made: true };
    } catch (error) {
      // Another process that started with us made it first: its key is the deployment's.
      if (!(error instanceof Failure && error.code === 'conflict')) throw error;
    }
  }
  return { key: loadSigningKey(await readPrivateFile(path)), made: false };
}

async function readPrivateFile(path: string): Promise<string> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') throw new Failure('key-missing', `There is no key file at ${path}.`);
    throw cause;
  });
  if ((found.mode & othersMask) !== 0) {
    throw new Failure('key-missing', `Others on this machine may read the key file. Run: chmod 600 ${path}`);
  }
  return readFile(path, 'utf8');
}

/** Without this a power cut may take the name of a file whose content was safe. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
