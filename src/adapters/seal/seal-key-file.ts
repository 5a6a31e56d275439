import { randomBytes } from 'node:crypto';
import { chmod, link, lstat, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '../../domain/shared/failure.ts';

const header = 'allclear-sealing-key-v1';
const keyBytes = 32;
/** Anything that group or others may do with the file or its folder. */
const othersMask = 0o077;

/**
 * Makes the sealing key once: 32 random bytes in a file of mode 0600, in a folder of mode 0700 that is made where
 * missing. A file that is there is never written over: with the old key every sealed hash would be lost.
 */
export async function ensureSealKey(path: string): Promise<{ readonly created: boolean }> {
  if (await exists(path)) {
    await readSealKey(path);
    return { created: false };
  }
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await refuseOpenToOthers(folder, 'folder');
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await chmod(draft, 0o600);
    await file.writeFile(`${header} ${randomBytes(keyBytes).toString('base64url')}\n`);
    await file.sync();
    // A hard link fails where the name is taken, so of two starting processes one key wins and both use it.
    await link(draft, path);
    await syncFolder(folder);
    return { created: true };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    await readSealKey(path);
    return { created: false };
  } finally {
    await file.close();
    await rm(draft, { force: true });
  }
}

/** The 32 bytes of the sealing key. `Failure('key-missing')` without the file, `'seal-broken'` where it cannot be trusted. */
export async function readSealKey(path: string): Promise<Buffer> {
  if (!(await exists(path))) {
    throw new Failure(
      'key-missing',
      `The sealing key ${path} is not there. Put it back from your copy, or name it in ALLCLEAR_SEAL_KEY_FILE: without it no password can be given back.`,
      { path },
    );
  }
  await refuseOpenToOthers(path, 'file');
  const match = /^([a-z0-9-]+) ([A-Za-z0-9_-]{43})\s*$/.exec(await readFile(path, 'utf8'));
  const key = match?.[1] === header ? Buffer.from(match[2] ?? '', 'base64url') : null;
  if (key?.length !== keyBytes) {
    throw new Failure('seal-broken', `The file ${path} is not a sealing key. Put the right file back from your copy.`, {
      path,
    });
  }
  return key;
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw cause;
  }
}

async function refuseOpenToOthers(path: string, what: 'file' | 'folder'): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & othersMask) === 0) return;
  const wanted = what === 'file' ? '600' : '700';
  throw new Failure(
    'seal-broken',
    `The sealing key's ${what} ${path} is open to other users. Close it (chmod ${wanted} ${path}), and make a new key if anybody else may have read it.`,
    { path },
  );
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
