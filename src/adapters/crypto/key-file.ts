import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '../../domain/shared/failure.ts';
import { loadSigningKey, makeSigningKey } from './signing-key.ts';
import type { SigningKey } from './signing-key.ts';

/** Read and write for the owner only. */
const ownerOnly = 0o600;
const othersMask = 0o077;

/** Opens a key file. Refuses one that others on the machine may read: it would no longer be one person's. */
export async function openKeyFile(path: string, passphrase?: string): Promise<SigningKey> {
  return loadSigningKey(await readPrivateFile(path), passphrase);
}

/** Writes a new key file, 0600, never over an existing one; returns after it is on stable storage. */
export async function writeKeyFile(path: string, key: SigningKey, passphrase?: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'wx', ownerOnly).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause;
    throw new Failure('conflict', `A key file is already there and is not overwritten: ${path}`);
  });
  try {
    await file.writeFile(key.toPem(passphrase));
    await file.sync();
  } finally {
    await file.close();
  }
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
  if (isThere) return { key: await openKeyFile(path), made: false };
  const key = makeSigningKey();
  await writeKeyFile(path, key);
  return { key, made: true };
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
