import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../domain/shared/failure.ts';

/** The file of a person's token: `<home>/operators/<name>.token`, 0600. */
export function tokenFile(home: string, name: string): string {
  return join(home, 'operators', `${slugOf(name)}.token`);
}

export function keyFile(home: string, name: string): string {
  return join(home, 'operators', `${slugOf(name)}.key`);
}

export async function readTokenFile(home: string, name: string): Promise<string> {
  const path = tokenFile(home, name);
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new Failure(
      'unauthenticated',
      `There is no token of "${name}" at ${path}. Get one: allclear operator token OPERATOR --key FILE --as ${slugOf(name)}`,
    );
  }
}

/** Appears whole or not at all, readable by its owner only. */
export async function writeTokenFile(path: string, token: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const partial = `${path}.${process.pid}.new`;
  await writeFile(partial, `${token}\n`, { mode: 0o600 });
  await rename(partial, path);
}

/** A name as a file: `Ada Lovelace` is `ada-lovelace`. Whatever else stands in it cannot leave the folder. */
function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  if (slug === '') throw new Failure('usage', 'A name has at least one letter or digit.');
  return slug;
}
