import { randomBytes } from 'node:crypto';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { makeSigningKey } from '../../src/adapters/crypto/signing-key.ts';
import type { SigningKey } from '../../src/adapters/crypto/signing-key.ts';
import type { Decision, FrozenSubject } from '../../src/domain/approval/approval-statement.ts';
import { operatorRecord } from '../../src/domain/approval/operator.ts';
import type { Operator } from '../../src/domain/approval/operator.ts';
import type { OperatorId } from '../../src/domain/shared/ids.ts';
import type { Services } from '../../src/http/services.ts';

/** One operator with their own key, as they would sit at their own keyboard. */
export interface SigningPerson {
  readonly id: OperatorId;
  readonly key: SigningKey;
}

export interface Crew {
  /** Writes plans; never approves them. */
  readonly author: SigningPerson;
  readonly approvers: readonly [SigningPerson, SigningPerson];
}

const approvalHours = 1;
const tokenRequestMs = 60_000;

/** Ann and ben are made on the server's own machine; cho is proposed, and let in by the two. Cho writes the plans. */
export async function assembleCrew(services: Services): Promise<Crew> {
  const ann = await addLocally(services, 'ann');
  const ben = await addLocally(services, 'ben');
  const key = makeSigningKey();
  const proposed = await services.proposeOperator({
    name: 'cho',
    email: 'cho@chirp.example',
    publicKey: key.publicKey,
    role: 'operator',
    by: ann.id,
  });
  for (const person of [ann, ben]) await letIn(services, person, proposed.operator);
  return { author: { id: proposed.operator.operatorId, key }, approvers: [ann, ben] };
}

async function addLocally(services: Services, name: string): Promise<SigningPerson> {
  const key = makeSigningKey();
  const added = await services.proposeOperator({
    name,
    email: `${name}@chirp.example`,
    publicKey: key.publicKey,
    role: 'operator',
    by: 'local' as OperatorId,
  });
  return { id: added.operator.operatorId, key };
}

async function letIn(services: Services, person: SigningPerson, operator: Operator): Promise<void> {
  const digest = digests.sha256(digests.canonical(operatorRecord(services.deployment.deployment, operator)));
  const decision = await services.decideOperator({
    subject: operator.operatorId,
    operatorId: person.id,
    ...signed(services, person, digest, 1, 'add-operator'),
  });
  if (decision.kind === 'refused') throw new Error(`letting an operator in was refused: ${decision.reason}`);
}

/** One person's signed yes. Throws with the reason when it is refused. */
export async function sayYes(
  services: Services,
  person: SigningPerson,
  subject: FrozenSubject,
  what: { readonly digest: string; readonly total: number; readonly decision: Decision },
  expiresAt?: Date,
): Promise<void> {
  const result = await services.approveSubject({
    subject,
    operatorId: person.id,
    ...signed(services, person, what.digest, what.total, what.decision, expiresAt),
  });
  if (result.kind === 'refused') throw new Error(`the yes of ${person.id} to ${subject} was refused: ${result.reason}`);
}

function signed(
  services: Services,
  person: SigningPerson,
  digest: string,
  total: number,
  decision: Decision,
  expiresAt = new Date(Date.now() + approvalHours * 3_600_000),
): { readonly statement: string; readonly signature: string } {
  const statement = digests.canonical({
    deployment: services.deployment.deployment,
    directory: services.deployment.directory,
    digest,
    total,
    decision,
    nonce: randomBytes(16).toString('hex'),
    expiry: expiresAt.toISOString(),
  });
  return { statement, signature: person.key.sign(statement) };
}

/** The statement of a yes, signed, as it is sent to the API. */
export function signedYes(
  services: Services,
  person: SigningPerson,
  what: { readonly digest: string; readonly total: number; readonly decision: Decision },
): { readonly statement: string; readonly signature: string } {
  return signed(services, person, what.digest, what.total, what.decision);
}

/** An API token of this person's own, for a request that they signed. */
export async function tokenOf(services: Services, person: SigningPerson): Promise<string> {
  const request = digests.canonical({
    deployment: services.deployment.deployment,
    operator: person.id,
    purpose: 'token',
    scope: 'full',
    hours: 24,
    nonce: randomBytes(16).toString('hex'),
    expiry: new Date(Date.now() + tokenRequestMs).toISOString(),
  });
  return (await services.issueToken(request, person.key.sign(request))).token;
}
