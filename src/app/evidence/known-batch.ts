import { Failure } from '../../domain/shared/failure.ts';
import type { BatchId } from '../../domain/shared/ids.ts';
import type { EvidenceBatch } from '../ports/evidence-store.ts';
import type { Tx } from '../ports/store.ts';

/** The batch, or `Failure('not-found')`. `locked`: nobody else changes it before the transaction ends. */
export async function knownBatch(tx: Tx, batch: BatchId, how: 'read' | 'locked' = 'read'): Promise<EvidenceBatch> {
  const read = how === 'read' ? await tx.evidence.readBatch(batch) : await tx.evidence.lockBatch(batch);
  if (read === null) {
    throw new Failure('not-found', `There is no ${batch}. The import that made it named it in its last line.`, {
      batch,
    });
  }
  return read;
}
