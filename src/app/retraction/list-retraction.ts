import type { PlanAction } from '../../domain/plan/frozen-plan.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { RetractionId } from '../../domain/shared/ids.ts';
import type { Store } from '../ports/store.ts';
import { shownLine } from './show-retraction.ts';
import type { RetractionLine } from './show-retraction.ts';
import { endOf } from './tally-retraction.ts';

/** Lines looked at for one page of a sparse remainder: about a second; what is found by then is the page. */
const scannedAtMost = 50_000;
const pageLines = 5_000;

export interface RetractionPage {
  /** What the plan did, and this puts right. */
  readonly action: PlanAction;
  readonly lines: readonly RetractionLine[];
  /** The last ordinal that was looked at, where there is more; null at the end. */
  readonly next: number | null;
}

/**
 * The accounts of a retraction in its frozen order, or only those in no terminal state, after an ordinal. A page of the
 * remainder may be short, even empty, before the end. `Failure('not-found')`.
 */
export async function listRetraction(
  { store }: { readonly store: Store },
  id: RetractionId,
  page: { readonly after: number | null; readonly limit: number; readonly onlyRemainder: boolean },
): Promise<RetractionPage> {
  return store.transact(async (tx) => {
    const retraction = await tx.retractions.read(id);
    if (retraction === null) throw new Failure('not-found', `There is no ${id}.`, { subject: id });
    const { total } = retraction.header.targets;
    const action = (await tx.plans.read(retraction.plan))?.header.action ?? 'reset';
    const lines: RetractionLine[] = [];
    const first = (page.after ?? -1) + 1;
    let from = first;
    while (from < total && from - first < scannedAtMost) {
      const size = page.onlyRemainder ? pageLines : Math.min(pageLines, page.limit);
      const read = await tx.retractions.outcomes(id, from, size);
      if (read.length === 0) break;
      for (const line of read) {
        from = line.ordinal + 1;
        const end = endOf(line);
        if (page.onlyRemainder && end.isTerminal) continue;
        lines.push(shownLine(line, end));
        if (lines.length === page.limit) return { action, lines, next: from < total ? line.ordinal : null };
      }
    }
    return { action, lines, next: from < total ? from - 1 : null };
  });
}
