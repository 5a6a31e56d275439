import { readFile } from 'node:fs/promises';
import { makeBetterAuthDirectory } from '../adapters/directory/better-auth/better-auth-directory.ts';
import { makeBetterAuthWriter } from '../adapters/directory/better-auth/set-password.ts';
import { parseMapping } from '../adapters/directory/sql/mapping.ts';
import { makeSqlWriter } from '../adapters/directory/sql/set-password.ts';
import { makeSqlDirectory } from '../adapters/directory/sql/sql-directory.ts';
import type { Directory } from '../app/ports/directory.ts';
import type { PasswordWriter } from '../app/ports/password-writer.ts';
import type { Config } from '../config/config.ts';
import { nearName } from '../config/near-name.ts';
import { Failure } from '../domain/shared/failure.ts';

export interface OpenedDirectory {
  readonly directory: Directory;
  /** What decides how it is read and changed, beside our own code: the text of the mapping. */
  readonly definition: string;
  /** `Failure('usage')` where the mapping does not fit the database; `'directory-unavailable'`. */
  check(): Promise<{
    readonly roleCanWriteHashes: boolean;
    readonly timeZones: { readonly accounts: number; readonly known: number } | null;
  }>;
  close(): Promise<void>;
}

interface Told {
  readonly onIdleError: (error: Error) => void;
  readonly onCapReached: (message: string) => void;
}

/** The directory of the configuration: by its mapping where one is named, else better-auth. `Failure('usage')`. */
export async function openDirectory(config: Config, told: Told): Promise<OpenedDirectory> {
  const { directoryUrl, directoryMapping } = config;
  if (directoryUrl === null) {
    throw new Failure(
      'usage',
      'ALLCLEAR_DIRECTORY_URL is not set. Set it, or run everything on embedded defaults: npm start',
    );
  }
  const options = {
    databaseUrl: directoryUrl,
    name: config.directoryName,
    environment: config.environment,
    ...told,
  };
  if (directoryMapping === null) {
    const directory = makeBetterAuthDirectory(options);
    await directory.lookAtSchema();
    return {
      directory,
      definition: '',
      check: async () => ({ roleCanWriteHashes: true, timeZones: null }),
      close: directory.close,
    };
  }
  const definition = await readDirectoryDefinition(config);
  const directory = makeSqlDirectory({ ...options, mapping: parseMapping(definition, directoryMapping, nearName) });
  return { directory, definition, check: () => directory.check(), close: () => directory.close() };
}

/** In which a new hash is made; by the names that a mapping has. */
const writableSchemes: readonly string[] = ['better-auth-scrypt', 'argon2id', 'bcrypt', 'pbkdf2-django'];

/** What sets new passwords: in the server alone, and as a role of its own where one is named. */
export async function openPasswordWriter(
  config: Config,
  { onIdleError }: Pick<Told, 'onIdleError'>,
): Promise<PasswordWriter> {
  const databaseUrl = config.recoveryDirectoryUrl ?? config.directoryUrl;
  if (databaseUrl === null) throw new Failure('usage', 'ALLCLEAR_DIRECTORY_URL is not set.');
  const options = { databaseUrl, name: config.directoryName, onIdleError };
  if (config.directoryMapping === null) return makeBetterAuthWriter(options);
  const mapping = parseMapping(await readDirectoryDefinition(config), config.directoryMapping, nearName);
  if (!writableSchemes.includes(mapping.credential.scheme))
    throw new Failure(
      'usage',
      `ALLCLEAR_RECOVERY=hosted cannot write passwords as ${mapping.credential.scheme}. Send holders to the service's own page: ALLCLEAR_RECOVERY=link`,
    );
  return makeSqlWriter({ ...options, mapping });
}

/** The text that the code version covers beside our own code: of the mapping, empty for better-auth. */
export async function readDirectoryDefinition(config: Config): Promise<string> {
  return config.directoryMapping === null ? '' : readMappingFile(config.directoryMapping);
}

async function readMappingFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Failure('usage', `The file that ALLCLEAR_DIRECTORY_MAPPING names cannot be read (${code}): ${path}`);
  }
}
