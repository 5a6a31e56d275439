import { failureTable } from '../contract/failure-table.ts';
import { Failure } from '../domain/shared/failure.ts';
import { keyFile } from './operator-files.ts';
import { readPassphrase } from './read-passphrase.ts';
import type { Session } from './session.ts';

export interface MadeKey {
  readonly path: string;
  readonly publicKey: string;
  /** Null where the key file is not encrypted. */
  readonly passphrase: string | null;
}

/** Makes a person's key file before anything is recorded: an operator without a key could never say yes. */
export async function makeKey(
  { world, settings, out }: Pick<Session, 'world' | 'settings' | 'out'>,
  name: string,
  keyOut: string | null,
): Promise<MadeKey> {
  const path = keyOut ?? keyFile(settings.home, name);
  const isTerminal = world.stdin.isTTY === true;
  const typed =
    settings.keyPassphrase ??
    (isTerminal ? await readPassphrase(world, 'Passphrase for the new key (empty: none): ') : '');
  const passphrase = typed === '' ? null : typed;
  if (passphrase === null) {
    out.talk(
      'The key file is not encrypted: whoever copies it can say yes in this name. Set ALLCLEAR_KEY_PASSPHRASE_FILE to encrypt it.',
    );
  }
  const { publicKey } = await world.local.signing.makeKey(path, passphrase);
  return { path, publicKey, passphrase };
}

/**
 * A key of nobody is not left behind: it would stand in the way of the next try. One of which nobody knows whether it was
 * recorded is kept: it may be the only one of a person who is an operator now.
 */
export async function orForget<T>(session: Session, path: string, record: () => Promise<T>): Promise<T> {
  try {
    return await record();
  } catch (error) {
    if (isRefusal(error)) await session.world.local.signing.removeKey(path);
    else
      session.out.talk(
        `Whether this was recorded is not known, so the key is kept: ${path}. See: allclear operator list. If the person is not there, remove the file and try again.`,
      );
    throw error;
  }
}

/** What failed (5xx, RFC 9110 section 15.6) may have been done before it failed; what was refused was not. */
function isRefusal(error: unknown): boolean {
  return error instanceof Failure && failureTable[error.code].status < 500;
}
