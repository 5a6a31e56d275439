/**
 * Typed ids. A word and a number that Postgres counted (`plan_81`), so that two people can say one over the phone.
 * An account id is the directory's own, byte for byte; we never make, trim or fold one.
 */
declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

export type AccountId = Brand<string, 'AccountId'>;
export type Digest = Brand<string, 'Digest'>;
export type PlanDigest = Brand<Digest, 'PlanDigest'>;
export type NoticeNumber = Brand<string, 'NoticeNumber'>;

export type BatchId = `batch_${number}`;
export type PlanId = `plan_${number}`;
export type RetractionId = `retraction_${number}`;
export type OperatorId = `operator_${number}`;
export type TokenId = `token_${number}`;
export type PasskeyId = `passkey_${number}`;
export type SessionId = `session_${number}`;
export type DrillId = `drill_${number}`;
export type AppealId = `appeal_${number}`;
/** A loss of the database's commits, as it was put forward to be accepted. */
export type LossId = `loss_${number}`;

const wordAndNumber = /^(batch|plan|retraction|operator|token|passkey|session|drill|appeal|loss)_([1-9][0-9]{0,15})$/;

/** The number inside a typed id. Throws on an id that `isTypedId` would refuse: callers check input first. */
export function numberOf(
  id: BatchId | PlanId | RetractionId | OperatorId | TokenId | PasskeyId | SessionId | DrillId | AppealId | LossId,
): number {
  const match = wordAndNumber.exec(id);
  if (match === null) throw new Error(`not an id: ${id}`);
  return Number(match[2]);
}

/** Whether `text` is an id of the given word, as typed by a person or stored by us. */
export function isTypedId<
  Word extends
    | 'batch'
    | 'plan'
    | 'retraction'
    | 'operator'
    | 'token'
    | 'passkey'
    | 'session'
    | 'drill'
    | 'appeal'
    | 'loss',
>(word: Word, text: string): text is `${Word}_${number}` {
  return wordAndNumber.exec(text)?.[1] === word;
}

export function accountId(text: string): AccountId {
  if (text === '') throw new Error('an account id is never empty');
  return text as AccountId;
}
