import { parseInvitationCode } from '../../domain/approval/invitation-code.ts';
import { isActive, isEmptyHanded } from '../../domain/approval/operator.ts';
import type { Operator } from '../../domain/approval/operator.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';
import type { BrowserAnswer, BrowserOptions } from '../ports/passkeys.ts';
import type { Tx } from '../ports/store.ts';
import { requireOrigin } from './passkey-deps.ts';
import type { PasskeyDeps } from './passkey-deps.ts';

/** Who adds a passkey: whoever shows the code of a link, or somebody signed in, who confirms with one that they have. */
export type Enroller =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'session'; readonly operatorId: OperatorId };

/** From the question to the last touch, of which there may be two. */
const enrolMinutes = 5;
/** More than a browser hands on at once. */
const excludedMax = 200;

/** The same for every code that is not good now, whatever is wrong with it. */
function refusedCode(): Failure {
  return new Failure(
    'unauthenticated',
    'The link is not valid: it was used, replaced, or is over. Make another: allclear operator link OPERATOR --key FILE',
  );
}

/** What the browser is to make a passkey with. Uses nothing up. */
export async function beginEnrolment(deps: PasskeyDeps, by: Enroller): Promise<BrowserOptions> {
  requireOrigin(deps);
  return deps.store.transact(async (tx) => {
    const operator = await readEnroller(deps, tx, by);
    const now = await tx.approvals.now();
    const all = await tx.passkeys.list(deps.isTrial ? operator.operatorId : null);
    // One's own that was revoked is no reason to refuse the device that holds it: somebody who revoked it too soon comes back.
    const known = all.filter((one) => one.revokedAt === null || one.operatorId !== operator.operatorId);
    const challenge = deps.passkeys.makeChallenge(
      `enrol ${operator.operatorId}`,
      new Date(now.getTime() + enrolMinutes * 60_000),
    );
    const handle = `${deps.deploymentId}/${operator.operatorId}`;
    const person = { handle, name: operator.email, displayName: operator.name };
    return deps.passkeys.enrolOptions(challenge, person, known.slice(-excludedMax));
  });
}

/**
 * Who it is, while they may act; or by a code while they are proposed and have nothing yet, since that first passkey is
 * what two others say yes to. `Failure('unauthenticated')`.
 */
export async function readEnroller(deps: PasskeyDeps, tx: Tx, by: Enroller): Promise<Operator> {
  const operatorId = by.kind === 'session' ? by.operatorId : await readLink(deps, tx, by.code);
  const operator = operatorId === null ? null : await tx.operators.read(operatorId);
  if (operator === null) throw refusedCode();
  const isProposed = by.kind === 'code' && operator.state === 'pending' && isEmptyHanded(operator);
  if (!isProposed && !isActive(operator, await tx.approvals.now())) throw refusedCode();
  return operator;
}

/** Of a code as it was typed; null for what is none. */
export function hashOfCode(deps: Pick<PasskeyDeps, 'digests'>, typed: string): string | null {
  const code = parseInvitationCode(typed);
  return code === null ? null : deps.digests.sha256(code);
}

async function readLink(deps: PasskeyDeps, tx: Tx, typed: string): Promise<OperatorId | null> {
  const hash = hashOfCode(deps, typed);
  return hash === null ? null : tx.passkeys.findLink(hash);
}

/** Marks a code as used; one winner among many at once. */
export async function useCode(deps: PasskeyDeps, tx: Tx, typed: string): Promise<string> {
  const hash = hashOfCode(deps, typed);
  if (hash === null || !(await tx.passkeys.useLink(hash))) throw refusedCode();
  return hash;
}

/** `Failure('signature-invalid')` for a registration that does not verify, of another purpose or too late. */
export async function readRegistration(
  deps: PasskeyDeps,
  tx: Tx,
  operatorId: OperatorId,
  attestation: BrowserAnswer,
): Promise<NonNullable<Awaited<ReturnType<PasskeyDeps['passkeys']['verifyRegistration']>>>> {
  const now = await tx.approvals.now();
  const found = await deps.passkeys.verifyRegistration(attestation, `enrol ${operatorId}`, now);
  if (found !== null) return found;
  throw new Failure('signature-invalid', 'The browser’s answer is not one to what was asked here. Begin anew.');
}
