import { totalRefused } from '../../domain/evidence/refusal.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { BatchId } from '../../domain/shared/ids.ts';
import type { Store } from '../ports/store.ts';

/** Closes a batch whose list was read to its end: from now on it may enter a plan. */
export async function finishImport(deps: { readonly store: Store }, batch: BatchId): Promise<void> {
  await deps.store.transact(async (tx) => {
    const read = await tx.evidence.lockBatch(batch);
    if (read?.state !== 'importing') {
      throw new Failure(
        'conflict',
        `${batch} was finished or withdrawn meanwhile. Look at it: evidence show ${batch}`,
        {
          batch,
        },
      );
    }
    await tx.evidence.finishBatch(batch);
    const tally = await tx.evidence.tallyBatch(batch);
    await tx.ledger.append({
      chain: 'installation',
      event: 'evidence.imported',
      body: {
        batch,
        source: read.source.name,
        class: read.class,
        listDigest: read.mark.prefixDigest,
        lines: read.mark.lines,
        bytes: read.mark.bytes,
        refused: { ...read.refused },
        refusedTotal: totalRefused(read.refused),
        linesMet: read.linesMet,
        accounts: tally.accounts,
        evidence: tally.classes.map(({ class: evidenceClass, remark, evidence }) => ({
          class: evidenceClass,
          remark,
          evidence,
        })),
      },
    });
  });
}
