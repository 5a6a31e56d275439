import type { Kysely } from 'kysely';
import type { Digests } from '../../app/ports/digests.ts';
import type { Store, Tx } from '../../app/ports/store.ts';
import { makeAppealStore } from './appeal-store.ts';
import { makeApprovalStore } from './approval-store.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { Database, DatabaseTx } from './database.ts';
import { makeBulletinStore } from './bulletin-store.ts';
import { makeControlStore } from './control-store.ts';
import { makeDeploymentStore } from './deployment-store.ts';
import { makeDrillStore } from './drill-store.ts';
import { makeEvidenceStore } from './evidence-store.ts';
import { makeInvitationStore } from './invitation-store.ts';
import { makeFeedbackStore } from './feedback-store.ts';
import { makeLedgerStore } from './ledger-store.ts';
import { makeLossStore } from './loss-store.ts';
import { makeMailQueueStore } from './mail-queue-store.ts';
import { makeOperationStore } from './operation-store.ts';
import { makeOperatorStore } from './operator-store.ts';
import { makePasskeyStore } from './passkey-store.ts';
import { makePauseStore } from './pause-store.ts';
import { makePlanStore } from './plan-store.ts';
import { makeRecoveryStore } from './recovery-store.ts';
import { makeRequestKeyStore } from './request-key-store.ts';
import { makeRestorePointStore } from './restore-point-store.ts';
import { makeRetentionStore } from './retention-store.ts';
import { makeRetractionStore } from './retraction-store.ts';
import { makeReviewStore } from './review-store.ts';
import { makeRolloutStore } from './rollout-store.ts';
import { makeSessionStore } from './session-store.ts';
import { makeSubjectStore } from './subject-store.ts';
import { makeStandingStore } from './standing-store.ts';
import { makeSuspensionStore } from './suspension-store.ts';

/** All of our own state on one Postgres; each `transact` is one READ COMMITTED transaction. */
export function makeStore(database: Kysely<Database>, digests: Digests): Store {
  return {
    transact: (work) =>
      database
        .transaction()
        .execute((trx) => work(makeTx(trx, digests)))
        .catch((error: unknown) => {
          throw asFailure(error);
        }),
  };
}

/** SQLSTATE (PostgreSQL, Appendix A). */
const lockNotAvailable = '55P03';
const diskFull = '53100';

/** What a use case can do something about has a name; everything else stays what it was. */
function asFailure(error: unknown): unknown {
  const code = (error as { readonly code?: string } | null)?.code;
  if (code === lockNotAvailable) {
    const words =
      'Another session holds a lock in the database of Allclear for too long. Try again, or end that session.';
    return new Failure('database-unavailable', words, { lock: 'held' }, error);
  }
  if (code === diskFull) {
    const words =
      'The disk of the database is full: nothing of this was written. Make room there; nothing is sent meanwhile.';
    return new Failure('disk-full', words, {}, error);
  }
  return error;
}

export function makeTx(trx: DatabaseTx, digests: Digests): Tx {
  return {
    ledger: makeLedgerStore(trx, digests),
    deployment: makeDeploymentStore(trx),
    operators: makeOperatorStore(trx),
    invitations: makeInvitationStore(trx),
    passkeys: makePasskeyStore(trx),
    sessions: makeSessionStore(trx),
    evidence: makeEvidenceStore(trx),
    plans: makePlanStore(trx),
    controls: makeControlStore(trx),
    approvals: makeApprovalStore(trx),
    reviews: makeReviewStore(trx),
    rollouts: makeRolloutStore(trx),
    pauses: makePauseStore(trx),
    feedback: makeFeedbackStore(trx),
    mailQueue: makeMailQueueStore(trx),
    restorePoints: makeRestorePointStore(trx),
    retractions: makeRetractionStore(trx),
    retention: makeRetentionStore(trx),
    operation: makeOperationStore(trx),
    subjects: makeSubjectStore(trx),
    requestKeys: makeRequestKeyStore(trx),
    standing: makeStandingStore(trx),
    losses: makeLossStore(trx),
    drills: makeDrillStore(trx),
    bulletins: makeBulletinStore(trx),
    recoveries: makeRecoveryStore(trx),
    appeals: makeAppealStore(trx),
    suspensions: makeSuspensionStore(trx),
  };
}
