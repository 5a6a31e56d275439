import { Failure } from '../domain/shared/failure.ts';
import type { Session } from './session.ts';
import { readPassphrase } from './read-passphrase.ts';

/** Everybody's addresses and old hashes are behind it; each guess costs half a second. */
const leastLength = 12;

/** Of the settings, else asked for on a terminal; twice where a new file is made. */
export async function backupPassphrase({ world, settings }: Session, isNew: boolean): Promise<string> {
  const isTerminal = world.stdin.isTTY === true;
  if (settings.backupPassphrase === null && !isTerminal)
    throw new Failure(
      'key-missing',
      'A backup has a passphrase. Set ALLCLEAR_BACKUP_PASSPHRASE_FILE, or run this on a terminal: allclear config show backupPassphrase',
    );
  const typed = settings.backupPassphrase ?? (await readPassphrase(world, 'Passphrase of the backup: '));
  if (!isNew) return typed;
  if (typed.length < leastLength)
    throw new Failure(
      'usage',
      `The passphrase of a backup has at least ${leastLength} characters. Nothing was written.`,
    );
  if (settings.backupPassphrase === null && (await readPassphrase(world, 'Once more: ')) !== typed)
    throw new Failure('usage', 'The two passphrases differ. Nothing was written.');
  return typed;
}
