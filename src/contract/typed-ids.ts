import { z } from '@hono/zod-openapi';
import type {
  AppealId,
  BatchId,
  DrillId,
  LossId,
  OperatorId,
  PasskeyId,
  PlanId,
  RetractionId,
  SessionId,
  TokenId,
} from '../domain/shared/ids.ts';

/** The longest id of a directory that we take as input; directories in use stay below 300 characters. */
const maxAccountIdLength = 1_024;

function typedId<Id extends string>(word: string, meaning: string, no: number) {
  return z
    .string()
    .regex(new RegExp(`^${word}_[1-9][0-9]{0,15}$`), `is no ${word} id; one looks like ${word}_81`)
    .transform((text) => text as Id)
    .openapi({ description: meaning, example: `${word}_${no}` });
}

export const batchId = typedId<BatchId>('batch', 'One imported list of evidence.', 7);
export const planId = typedId<PlanId>('plan', 'The plan.', 81);
export const retractionId = typedId<RetractionId>('retraction', 'The retraction.', 4);
export const operatorId = typedId<OperatorId>('operator', 'The person.', 3);
export const drillId = typedId<DrillId>('drill', 'The drill.', 5);
export const tokenId = typedId<TokenId>('token', 'The token, by its id; never the token itself.', 12);

export const passkeyId = typedId<PasskeyId>('passkey', 'The passkey.', 5);
export const lossId = typedId<LossId>('loss', 'The loss, as it was put forward.', 1);
export const appealId = typedId<AppealId>('appeal', 'The appeal.', 3);
export const sessionId = typedId<SessionId>('session', 'The session, by its id; never its secret.', 9);

/** What has a rollout, and what people say yes to. */
export const subjectId = z
  .string()
  .regex(/^(plan|retraction)_[1-9][0-9]{0,15}$/, 'is no plan or retraction id; one looks like plan_81')
  .transform((text) => text as PlanId | RetractionId)
  .openapi({ description: 'A plan or a retraction.', example: 'plan_81' });

/** The directory's own id, byte for byte. */
export const accountIdText = z
  .string()
  .min(1)
  .max(maxAccountIdLength)
  .describe("The directory's own id of the account, byte for byte.");

/** RFC 3339, UTC. */
export const instant = z.string().describe('RFC 3339, UTC');

/** People, lines or pieces of evidence that somebody typed: never a placeholder for "all". */
export const typedTotal = z
  .number()
  .int()
  .min(0)
  .describe('How many it concerns, as you read it in the dry run. Any other number is refused.');

/** Counts by a word that is not known in advance. */
export const counts = z.record(z.string(), z.number());
