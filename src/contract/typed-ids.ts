import { z } from '@hono/zod-openapi';
import type { BatchId, OperatorId, PlanId, RetractionId } from '../domain/shared/ids.ts';

/** The longest id of a directory that we take as input; directories in use stay below 300 characters. */
const maxAccountIdLength = 1_024;

function typedId<Id extends string>(word: string) {
  return z
    .string()
    .regex(new RegExp(`^${word}_[1-9][0-9]{0,15}$`), `is no ${word} id; one looks like ${word}_81`)
    .transform((text) => text as Id);
}

export const batchId = typedId<BatchId>('batch');
export const planId = typedId<PlanId>('plan');
export const retractionId = typedId<RetractionId>('retraction');
export const operatorId = typedId<OperatorId>('operator');

/** What has a rollout, and what people say yes to. */
export const subjectId = z
  .string()
  .regex(/^(plan|retraction)_[1-9][0-9]{0,15}$/, 'is no plan or retraction id; one looks like plan_81')
  .transform((text) => text as PlanId | RetractionId);

/** The directory's own id, byte for byte. */
export const accountIdText = z.string().min(1).max(maxAccountIdLength);

/** RFC 3339, UTC. */
export const instant = z.string();

/** People, lines or pieces of evidence that somebody typed: never a placeholder for "all". */
export const typedTotal = z.number().int().min(0);

/** Counts by a word that is not known in advance. */
export const counts = z.record(z.string(), z.number());
