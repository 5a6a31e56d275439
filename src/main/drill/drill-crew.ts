import { randomBytes } from 'node:crypto';
import { digests } from '../../adapters/crypto/digests.ts';
import { makeSigningKey } from '../../adapters/crypto/signing-key.ts';
import type { SigningKey } from '../../adapters/crypto/signing-key.ts';
import type { Store } from '../../app/ports/store.ts';
import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';
import type { Services } from '../../http/services.ts';

interface MadeUpOperator {
  readonly id: OperatorId;
  readonly key: SigningKey;
}

/**
 * Who brings the drill to the point where people are needed: one writes the plan, and one of the two yeses to it is theirs. So nobody
 * of the people who take part is an author, and a shop of two can approve the retraction. Their keys are in this process alone.
 */
export interface DrillCrew {
  readonly author: MadeUpOperator;
  readonly approver: MadeUpOperator;
}

const yesMs = 3_600_000;

export async function addCrew(store: Store): Promise<DrillCrew> {
  const add = async (name: string): Promise<MadeUpOperator> => {
    const key = makeSigningKey();
    const { operatorId } = await store.transact(async (tx) =>
      tx.operators.add({
        name: `rehearsal ${name}`,
        email: `${name.replace(' ', '-')}@rehearsal.invalid`,
        publicKey: key.publicKey,
        role: 'operator',
        state: 'active',
        activeFrom: await tx.approvals.now(),
        addedBy: null,
      }),
    );
    return { id: operatorId, key };
  };
  return { author: await add('author'), approver: await add('approver') };
}

export async function approveByCrew(services: Services, crew: DrillCrew, plan: FrozenPlan): Promise<void> {
  const { deployment, directory } = services.deployment;
  const { id, key } = crew.approver;
  const statement = digests.canonical({
    deployment,
    directory,
    digest: plan.digest,
    total: plan.total,
    decision: 'approve',
    nonce: randomBytes(16).toString('hex'),
    expiry: new Date(Date.now() + yesMs).toISOString(),
  });
  const given = { subject: plan.id, operatorId: id, statement, signature: key.sign(statement) };
  const recorded = await services.approveSubject(given);
  if (recorded.kind === 'refused') throw new Error(`the plan of the drill was refused: ${recorded.reason}`);
}
