import type { Digests } from '../ports/digests.ts';
import type { Directory } from '../ports/directory.ts';
import type { HolderMailer } from '../ports/holder-mailer.ts';
import type { RecoverySecrets } from '../ports/recovery-secrets.ts';
import type { Seal } from '../ports/seal.ts';
import type { Store } from '../ports/store.ts';

export interface RecoveryDeps {
  readonly store: Store;
  readonly digests: Pick<Digests, 'sha256'>;
  readonly directory: Directory;
  readonly seal: Seal;
  readonly secrets: RecoverySecrets;
  readonly mailer: HolderMailer;
  /** The installation's own name, part of every seal. */
  readonly deployment: string;
  /** As holders know it. */
  readonly serviceName: string;
  readonly supportContact: string;
  /** Where the pages of recovery are (`https://account.example/recover`). */
  readonly recoverUrl: string;
  /** How long is waited where the mailbox is in doubt. */
  readonly delayHours: number;
  /** So many wrong codes in one hour trip the wire. */
  readonly missesPerHour: number;
  /** Told of what nobody else hears: never with an address or a code. */
  readonly warn: (facts: Readonly<Record<string, string | number>>, words: string) => void;
}
