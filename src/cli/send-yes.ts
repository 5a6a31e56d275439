import { lossRoutes } from '../contract/loss.ts';
import { planRoutes } from '../contract/plan.ts';
import { retractionRoutes } from '../contract/retraction.ts';
import type { ApprovalStatement, FrozenSubject } from '../domain/approval/approval-statement.ts';
import { Failure } from '../domain/shared/failure.ts';
import { isTypedId } from '../domain/shared/ids.ts';
import type { OpenedKey } from './local-verbs.ts';
import type { Session } from './session.ts';
import { signStatement } from './sign-statement.ts';

/**
 * Signs and sends a yes that something is to follow at once. That this person said it before is no failure here: what
 * follows may still be waiting to be asked for.
 */
export async function sendYes(
  { api, out, world }: Session,
  subject: FrozenSubject,
  key: OpenedKey,
  what: Omit<ApprovalStatement, 'nonce' | 'expiry'>,
  /** The tag of what this person was shown; null where nothing with a tag was. */
  ifMatch: string | null = null,
): Promise<void> {
  const body = signStatement(world.local.signing.digests, key, what, world.now());
  try {
    if (isTypedId('plan', subject))
      await api.call(planRoutes.approve, { params: { plan: subject }, body }, { ifMatch });
    else if (isTypedId('loss', subject)) await api.call(lossRoutes.approve, { params: { loss: subject }, body });
    else await api.call(retractionRoutes.approve, { params: { retraction: subject }, body }, { ifMatch });
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'already-approved') throw error;
    out.talk('You had said yes to this already.');
  }
}
