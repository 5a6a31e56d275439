import { Failure } from '../../domain/shared/failure.ts';
import type { SessionId } from '../../domain/shared/ids.ts';
import type { Caller } from '../operator/authenticate-token.ts';
import type { Store } from '../ports/store.ts';

/**
 * Ends one's own session at once, by default the one that the caller is in; false where it had ended, or is not one's
 * own. `Failure('unauthenticated')` for a token that names none.
 */
export async function endSession(
  { store }: { readonly store: Store },
  { operator, session: own }: Caller,
  named: SessionId | null,
): Promise<boolean> {
  const session = named ?? own?.session;
  if (session === undefined) throw new Failure('unauthenticated', 'This is a token and no session.');
  return store.transact(async (tx) => {
    const { operatorId } = operator;
    const isEnded = await tx.sessions.end(session, operatorId);
    if (isEnded) {
      await tx.ledger.append({
        chain: 'installation',
        event: 'session.ended',
        body: { operator: operatorId, session },
      });
    }
    return isEnded;
  });
}
