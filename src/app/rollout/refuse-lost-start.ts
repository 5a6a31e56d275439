import { Failure } from '../../domain/shared/failure.ts';
import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { Tx } from '../ports/store.ts';

/** What was started in a part that was lost has reached people of whom this database knows nothing: never a second time. */
export async function refuseLostStart(tx: Tx, subject: PlanId | RetractionId): Promise<void> {
  if (!(await tx.standing.wasStartLost(subject))) return;
  throw new Failure(
    'conflict',
    `${subject} was, or may have been, started in a part of the past that is lost: people may have been reached by it. Draw up a new one.`,
    { subject },
  );
}
