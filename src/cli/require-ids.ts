import { Failure } from '../domain/shared/failure.ts';
import { isTypedId } from '../domain/shared/ids.ts';
import type {
  AppealId,
  BatchId,
  DrillId,
  OperatorId,
  PasskeyId,
  PlanId,
  RetractionId,
  TokenId,
} from '../domain/shared/ids.ts';

export function requirePlan(text: string | undefined): PlanId {
  if (text !== undefined && isTypedId('plan', text)) return text;
  throw new Failure('usage', `"${text ?? ''}" is no plan; one looks like plan_81. See: allclear plan list`);
}

export function requireAppeal(text: string | undefined): AppealId {
  if (text !== undefined && isTypedId('appeal', text)) return text;
  throw new Failure('usage', `"${text ?? ''}" is no appeal; one looks like appeal_3. See: allclear appeal list`);
}

export function requireBatch(text: string | undefined): BatchId {
  if (text !== undefined && isTypedId('batch', text)) return text;
  throw new Failure(
    'usage',
    `"${text ?? ''}" is no batch of evidence; one looks like batch_7. See: allclear evidence list`,
  );
}

export function requireOperator(text: string | undefined): OperatorId {
  if (text !== undefined && isTypedId('operator', text)) return text;
  throw new Failure('usage', `"${text ?? ''}" is no operator; one looks like operator_3. See: allclear operator list`);
}

export function requireDrillId(text: string): DrillId {
  if (isTypedId('drill', text)) return text;
  throw new Failure('usage', `"${text}" is no drill; one looks like drill_5. See: allclear drill list`);
}

export function requireSubject(text: string | undefined): PlanId | RetractionId {
  if (text !== undefined && (isTypedId('plan', text) || isTypedId('retraction', text))) return text;
  throw new Failure('usage', `"${text ?? ''}" is no plan and no retraction; they look like plan_81 and retraction_4.`);
}

/** A number that a person typed: digits only, so that no slip becomes another number. */
export function requireTotal(text: string | undefined): number {
  if (text !== undefined && /^[0-9]{1,12}$/.test(text)) return Number(text);
  throw new Failure(
    'usage',
    `--total takes a whole number, the one that the dry run shows${text === undefined ? '' : `, not "${text}"`}.`,
  );
}

export function requireDigest(text: string | undefined): string {
  if (text !== undefined && /^[0-9a-f]{64}$/.test(text)) return text;
  throw new Failure('usage', '--digest takes the whole digest, 64 hex digits, as its author gave it to you.');
}

export function requireToken(text: string): TokenId {
  if (isTypedId('token', text)) return text;
  throw new Failure(
    'usage',
    `"${text}" is no token's id; one looks like token_12. See: allclear operator token --list`,
  );
}

export function requirePasskey(text: string | undefined): PasskeyId {
  if (text !== undefined && isTypedId('passkey', text)) return text;
  throw new Failure(
    'usage',
    `"${text ?? ''}" is no passkey; one looks like passkey_3. See: allclear operator passkey --list --as NAME`,
  );
}
