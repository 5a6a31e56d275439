import { isActive, isEmptyHanded } from '../../domain/approval/operator.ts';
import type { Operator } from '../../domain/approval/operator.ts';
import { roleMay } from '../../domain/approval/role.ts';
import type { Role } from '../../domain/approval/role.ts';
import { maxTokenHours } from '../../domain/approval/token-request.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';
import type { Digests } from '../ports/digests.ts';
import type { Store, Tx } from '../ports/store.ts';
import { makeToken } from './make-token.ts';
import type { IssuedToken } from './make-token.ts';
import { refuseSamePerson, refuseUnfitKey, refuseUnfitName } from './operator-fit.ts';

export interface AddOperatorDeps {
  readonly store: Store;
  readonly digests: Digests;
  /** Whether any plan was ever drafted here, read in this transaction. */
  readonly hasAnyPlan: (tx: Tx) => Promise<boolean>;
}

export interface AddOperatorInput {
  readonly name: string;
  readonly email: string;
  /** Null: a person who has passkeys alone, and gets a link for the first. */
  readonly publicKey: string | null;
  readonly role: Role;
  /** `local`: on the server's own machine, before there is anybody to ask. Else the authenticated operator who proposes. */
  readonly by: 'local' | OperatorId;
}

export interface AddedOperator {
  readonly operator: Operator;
  /** Of the first two only. Later ones get theirs by signing a request, so that nobody else ever sees it. */
  readonly token: IssuedToken | null;
}

/** Two can say yes to everything, so only two are made without asking anybody. */
const operatorsMadeLocally = 2;

/**
 * Adds an operator: the first two at once, a later one as `pending` until two active operators said yes
 * (`decideOperator`). Refuses a key or an address that an operator has already: two accounts of one person could approve
 * each other.
 */
export async function addOperator(deps: AddOperatorDeps, input: AddOperatorInput): Promise<AddedOperator> {
  refuseUnfitName(input);
  refuseUnfitKey(input.publicKey);
  const { name, email, publicKey, role, by } = input;
  return deps.store.transact(async (tx) => {
    await tx.operators.lock();
    const existing = await tx.operators.list();
    const now = await tx.approvals.now();
    const waiting = publicKey === null ? existing.find((one) => isWaitingFor(one, input)) : undefined;
    // The link was lost or is over: asked for again, the same person gets another.
    if (waiting !== undefined && by !== 'local') {
      requireProposer(existing, by, now);
      return { operator: waiting, token: null };
    }
    if (waiting !== undefined && by === 'local' && !(await deps.hasAnyPlan(tx))) {
      const again = { operatorId: waiting.operatorId, scope: ['full'], hours: maxTokenHours, nonce: null } as const;
      return { operator: waiting, token: await makeToken(deps.digests, tx, again) };
    }
    refuseSamePerson(existing, input);
    if (by !== 'local') return proposeOperator(tx, input, by, existing, now);
    if (role !== 'operator') {
      throw new Failure(
        'usage',
        'The first two are operators: nobody of another role could propose a third. Add them first.',
      );
    }
    if (existing.length >= operatorsMadeLocally || (await deps.hasAnyPlan(tx))) {
      throw new Failure(
        'needs-approval',
        'The first two operators are there already, or a plan is. An operator has to propose a third, and two say yes.',
      );
    }
    const operator = await tx.operators.add({
      name,
      email,
      publicKey,
      role,
      state: 'active',
      activeFrom: now,
      addedBy: null,
    });
    await tx.ledger.append({
      chain: 'installation',
      event: 'operator.added',
      body: { operator: operator.operatorId, publicKey, role, activeFrom: now.toISOString(), by: 'local' },
      personal: { name, email },
    });
    const { operatorId } = operator;
    const wanted = { operatorId, scope: ['full'], hours: maxTokenHours, nonce: null } as const;
    return { operator, token: await makeToken(deps.digests, tx, wanted) };
  });
}

async function proposeOperator(
  tx: Tx,
  { name, email, publicKey, role }: AddOperatorInput,
  by: OperatorId,
  existing: readonly Operator[],
  now: Date,
): Promise<AddedOperator> {
  requireProposer(existing, by, now);
  const operator = await tx.operators.add({
    name,
    email,
    publicKey,
    role,
    state: 'pending',
    activeFrom: null,
    addedBy: by,
  });
  await tx.ledger.append({
    chain: 'installation',
    event: 'operator.proposed',
    body: { operator: operator.operatorId, publicKey, role, by },
    personal: { name, email },
  });
  return { operator, token: null };
}

/** Made or proposed before under exactly this name, address and role, and nothing of theirs is here yet. */
function isWaitingFor(one: Operator, { name, email, role, by }: AddOperatorInput): boolean {
  const isOpen = one.state === (by === 'local' ? 'active' : 'pending') && isEmptyHanded(one);
  return isOpen && one.name === name && one.email === email && one.role === role;
}

function requireProposer(existing: readonly Operator[], by: OperatorId, now: Date): void {
  const proposer = existing.find((one) => one.operatorId === by);
  if (proposer !== undefined && isActive(proposer, now) && roleMay(proposer.role, 'operator.propose')) return;
  throw new Failure('forbidden', `${by} is not an active operator and cannot propose another.`);
}
