import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { hashPassword } from 'better-auth/crypto';
import { passwordPool } from './password-pool.ts';

/** better-auth's stored form: 16 bytes of salt and 64 of key in hex. */
const storedForm = /^[0-9a-f]{32}:[0-9a-f]{128}$/;

/** node:crypto runs scrypt on libuv's pool of 4 threads; more at once only queue. */
const hashesAtOnce = 4;

const cacheFolder = new URL('../../../node_modules/.cache/chirp/', import.meta.url);

async function readCache(file: URL): Promise<readonly string[] | null> {
  try {
    const cached: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (!Array.isArray(cached) || cached.length !== passwordPool.length) return null;
    return cached.every((hash): hash is string => typeof hash === 'string' && storedForm.test(hash)) ? cached : null;
  } catch {
    return null;
  }
}

async function writeCache(file: URL, hashes: readonly string[]): Promise<void> {
  try {
    await mkdir(cacheFolder, { recursive: true });
    const draft = new URL(`${file.href}.${process.pid}`);
    await writeFile(draft, JSON.stringify(hashes));
    await rename(draft, file);
  } catch {
    // A read-only checkout: the next run pays for its hashes again.
  }
}

async function makeHashes(): Promise<readonly string[]> {
  const hashes = new Array<string>(passwordPool.length);
  let next = 0;
  async function work(): Promise<void> {
    while (next < passwordPool.length) {
      const index = next;
      next += 1;
      hashes[index] = await hashPassword(passwordPool[index]!);
    }
  }
  await Promise.all(Array.from({ length: hashesAtOnce }, work));
  return hashes;
}

/**
 * One real hash per password of the pool, in its order, made by better-auth itself. Making them takes about 8 s of two
 * cores, so they are kept (hashes only) in node_modules/.cache for the next database.
 */
export async function readHashPool(): Promise<readonly string[]> {
  const digest = createHash('sha256').update(JSON.stringify(passwordPool)).digest('hex').slice(0, 16);
  const file = new URL(`hashes-${digest}.json`, cacheFolder);
  const cached = await readCache(file);
  if (cached !== null) return cached;
  const hashes = await makeHashes();
  await writeCache(file, hashes);
  return hashes;
}
