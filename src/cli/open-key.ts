import { Failure } from '../domain/shared/failure.ts';
import type { OpenedKey } from './local-verbs.ts';
import type { Session } from './session.ts';
import { readPassphrase } from './read-passphrase.ts';

/** Opens a person's key file, asking for its passphrase on a terminal where none is set. */
export async function openKey({ world, settings, out }: Session, path: string | undefined): Promise<OpenedKey> {
  if (path === undefined) throw new Failure('usage', 'Name your key file: --key FILE');
  const { signing } = world.local;
  const isEncrypted = await signing.isEncrypted(path);
  if (!isEncrypted) {
    out.talk('This key file is not encrypted: whoever copies it can say yes in your name.');
    return signing.openKey(path, null);
  }
  const passphrase = settings.keyPassphrase ?? (await readPassphrase(world, 'Passphrase of the key: '));
  return signing.openKey(path, passphrase);
}
