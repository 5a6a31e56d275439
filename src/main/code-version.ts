import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** What decides what a plan does: our code, our SQL, and the pinned dependencies. Templates are pinned by their own digests. */
const parts = ['src', 'sql', 'package-lock.json'];

/**
 * SHA-256 over every file that can change what is done, the first 16 hex digits. A plan runs under the version that it
 * was approved for. `definition`: what the configured connector is made of beside our code; empty where nothing is.
 */
export function readCodeVersion(definition: string): string {
  const hash = createHash('sha256');
  if (definition !== '') hash.update(`directory\0${definition}\0`);
  for (const part of parts)
    for (const path of filesBelow(part)) {
      hash
        .update(`${path}\0`)
        .update(readFileSync(join(root, path)))
        .update('\0');
    }
  return hash.digest('hex').slice(0, 16);
}

function filesBelow(path: string): readonly string[] {
  if (!/^[a-z]+$/.test(path)) return [path];
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .toSorted();
}
