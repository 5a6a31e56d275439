import type { Kysely } from 'kysely';
import type { Digests } from '../../app/ports/digests.ts';
import type { Store, Tx } from '../../app/ports/store.ts';
import { makeApprovalStore } from './approval-store.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { Database, DatabaseTx } from './database.ts';
import { makeDeploymentStore } from './deployment-store.ts';
import { makeEvidenceStore } from './evidence-store.ts';
import { makeLedgerStore } from './ledger-store.ts';
import { makeOperationStore } from './operation-store.ts';
import { makeOperatorStore } from './operator-store.ts';
import { makePlanStore } from './plan-store.ts';
import { makeRestorePointStore } from './restore-point-store.ts';
import { makeRetentionStore } from './retention-store.ts';
import { makeRetractionStore } from './retraction-store.ts';
import { makeRolloutStore } from './rollout-store.ts';
import { makeStandingStore } from './standing-store.ts';

/** SQLSTATE 53100, disk_full (PostgreSQL, Appendix A). */
const diskFull = '53100';

/** All of our own state on one Postgres; each `transact` is one READ COMMITTED transaction. */
export function makeStore(database: Kysely<Database>, digests: Digests): Store {
  return {
    async transact(work) {
      try {
        return await database.transaction().execute((trx) => work(makeTx(trx, digests)));
      } catch (error) {
        if ((error as { readonly code?: unknown }).code !== diskFull) throw error;
        throw new Failure(
          'disk-full',
          'The disk of the database is full: nothing of this was written. Make room there; nothing is sent meanwhile.',
          {},
          error,
        );
      }
    },
  };
}

export function makeTx(trx: DatabaseTx, digests: Digests): Tx {
  return {
    ledger: makeLedgerStore(trx, digests),
    deployment: makeDeploymentStore(trx),
    operators: makeOperatorStore(trx),
    evidence: makeEvidenceStore(trx),
    plans: makePlanStore(trx),
    approvals: makeApprovalStore(trx),
    rollouts: makeRolloutStore(trx),
    restorePoints: makeRestorePointStore(trx),
    retractions: makeRetractionStore(trx),
    retention: makeRetentionStore(trx),
    operation: makeOperationStore(trx),
    standing: makeStandingStore(trx),
  };
}
