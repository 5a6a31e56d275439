import { Failure } from '../../domain/shared/failure.ts';
import type { OperatorId, PasskeyId } from '../../domain/shared/ids.ts';
import type { Passkey } from '../ports/passkey-store.ts';
import type { Store } from '../ports/store.ts';

/**
 * Ends one's own passkey at once, with its sessions and its pending yeses; false where it was revoked before. Somebody
 * else's ends with their account: two suspend it. `Failure('not-found')` for what is not the caller's.
 */
export async function revokePasskey(
  { store }: { readonly store: Store },
  { passkey, by }: { readonly passkey: PasskeyId; readonly by: OperatorId },
): Promise<boolean> {
  return store.transact(async (tx) => {
    const own = await tx.passkeys.list(by);
    if (!own.some((one) => one.passkeyId === passkey)) {
      throw new Failure('not-found', `There is no ${passkey} of yours.`);
    }
    const isRevoked = await tx.passkeys.revoke(passkey);
    if (isRevoked) {
      await tx.ledger.append({ chain: 'installation', event: 'passkey.revoked', body: { operator: by, passkey } });
    }
    return isRevoked;
  });
}

/** One's own, revoked ones left out. */
export async function listPasskeys({ store }: { readonly store: Store }, of: OperatorId): Promise<readonly Passkey[]> {
  return (await store.transact((tx) => tx.passkeys.list(of))).filter((one) => one.revokedAt === null);
}
