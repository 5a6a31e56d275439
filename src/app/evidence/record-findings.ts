import { findingKey, mergeFindings } from '../../domain/evidence/finding.ts';
import type { Finding } from '../../domain/evidence/finding.ts';
import type { BatchId } from '../../domain/shared/ids.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { Digests } from '../ports/digests.ts';
import type { BatchAdvance } from '../ports/evidence-store.ts';
import type { Seal } from '../ports/seal.ts';
import type { Store } from '../ports/store.ts';
import { chunksOf } from './chunks-of.ts';
import { openFinding, sealFinding } from './sealed-lines.ts';

/** The evidence store's limit of accounts a call. */
const accountsAtOnce = 1_000;

export interface RecordDeps {
  readonly store: Store;
  readonly seal: Seal;
  readonly digests: Digests;
}

/**
 * Writes one flush: evidence, the point up to which the list is settled, and the ledger entry, in one transaction.
 * Refuses when the batch does not stand at `fromLine` any more: another process is importing the same list.
 */
export async function recordFindings(
  deps: RecordDeps,
  batch: BatchId,
  fromLine: number,
  found: readonly Finding[],
  advance: BatchAdvance,
): Promise<void> {
  const fresh = mergeByKey(found);
  await deps.store.transact(async (tx) => {
    const stored = await tx.evidence.lockBatch(batch);
    if (stored?.state !== 'importing' || stored.mark.lines !== fromLine) {
      throw new Failure('conflict', `Another import is writing ${batch}. Wait for it, then import the list again.`, {
        batch,
      });
    }
    for (const chunk of chunksOf([...fresh.values()], accountsAtOnce)) {
      const before = await tx.evidence.findingsOf(batch, [...new Set(chunk.map((finding) => finding.accountId))]);
      const beforeByKey = new Map(before.map((one) => [findingKey(one), one]));
      const merged = chunk.map((finding) => {
        const old = beforeByKey.get(findingKey(finding));
        return old === undefined ? finding : mergeFindings(openFinding(deps.seal, batch, old), finding);
      });
      await tx.evidence.writeFindings(
        batch,
        merged.map((finding) => sealFinding(deps.seal, batch, finding)),
      );
    }
    await tx.evidence.advanceBatch(batch, advance);
    if (fresh.size === 0) return;
    await tx.ledger.append({
      chain: 'installation',
      event: 'evidence.recorded',
      body: {
        batch,
        lines: advance.mark.lines,
        prefixDigest: advance.mark.prefixDigest,
        found: fresh.size,
        foundDigest: digestOf(deps.digests, [...fresh.values()]),
      },
    });
  });
}

function mergeByKey(findings: readonly Finding[]): ReadonlyMap<string, Finding> {
  const merged = new Map<string, Finding>();
  for (const finding of findings) {
    const key = findingKey(finding);
    const before = merged.get(key);
    merged.set(key, before === undefined ? finding : mergeFindings(before, finding));
  }
  return merged;
}

/** Commits the entry to who was found and how, without line numbers: those stay sealed. */
function digestOf(digests: Digests, findings: readonly Finding[]): string {
  const rows = findings.map((one) => [one.accountId, one.class, one.eventId, one.hashDigest ?? '']);
  return digests.sha256(digests.canonical(rows));
}
