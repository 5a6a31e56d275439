import { sql } from 'kysely';
import type { Deployment, DeploymentStore } from '../../app/ports/deployment-store.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { DatabaseTx } from './database.ts';

export function makeDeploymentStore(trx: DatabaseTx): DeploymentStore {
  async function read(): Promise<Deployment | null> {
    const row = await trx.selectFrom('deployment').selectAll().executeTakeFirst();
    if (row === undefined) return null;
    return {
      deploymentId: row.deployment_id,
      name: row.name,
      environment: row.environment,
      ledgerPublicKey: row.ledger_public_key,
      createdAt: row.created_at,
    };
  }

  return {
    read,
    async policySeen() {
      const row = await trx.selectFrom('policy_seen').select('facts').forUpdate().executeTakeFirst();
      return row?.facts ?? null;
    },
    async policyInForce() {
      const row = await trx.selectFrom('policy_seen').select('facts').executeTakeFirst();
      return row?.facts ?? null;
    },
    async setPolicySeen(facts) {
      await sql`
        INSERT INTO policy_seen (facts) VALUES (${JSON.stringify(facts)}::jsonb)
        ON CONFLICT (only_row) DO UPDATE SET facts = EXCLUDED.facts, seen_at = clock_timestamp()`.execute(trx);
    },
    async create({ deploymentId, name, environment, ledgerPublicKey }) {
      const inserted = await trx
        .insertInto('deployment')
        .values({ deployment_id: deploymentId, name, environment, ledger_public_key: ledgerPublicKey })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      const deployment = await read();
      if (deployment === null) throw new Failure('internal', 'The deployment row was neither made nor found.');
      return { deployment, made: (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n };
    },
  };
}
