import { operatorRecord } from '../../../src/domain/approval/operator.ts';
import type { OperatorId } from '../../../src/domain/shared/ids.ts';
import type { Answer } from '../api/routes.ts';
import { hashing } from '../digest/hashing.ts';

type Operator = Answer<'get /api/v1/operators'>['operators'][number];

/**
 * What two people say yes to about a person: SHA-256, hex, over the RFC 8785 text of the record. Computed from what is
 * on the screen, so that a record that changed meanwhile is refused.
 */
export function operatorDigest(deployment: string, operator: Operator): string {
  const record = operatorRecord(deployment, { ...operator, operatorId: operator.operatorId as OperatorId });
  return hashing.sha256(hashing.canonical(record));
}
