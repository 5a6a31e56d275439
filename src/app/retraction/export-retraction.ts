import type { RetractionExportLine } from '../../domain/retraction/recompute-retraction.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { RetractionId } from '../../domain/shared/ids.ts';
import type { Store } from '../ports/store.ts';

const page = 5_000;

/** Everything that the digest is over, line by line; each reading is in the ledger, as that of a plan is. `Failure('not-found')`. */
export async function* exportRetraction(
  store: Store,
  retraction: RetractionId,
  by: string,
): AsyncIterable<RetractionExportLine> {
  const frozen = await store.transact(async (tx) => {
    const found = await tx.retractions.read(retraction);
    if (found === null) throw new Failure('not-found', `There is no ${retraction}.`, { subject: retraction });
    await tx.ledger.append({ chain: 'installation', event: 'retraction.exported', body: { retraction, by } });
    return found;
  });
  yield { kind: 'retraction', digest: frozen.digest, header: frozen.header };
  for (let from = 0; ; from += page) {
    const targets = await store.transact((tx) => tx.retractions.targets(retraction, from, page));
    if (targets.length === 0) return;
    for (const target of targets) yield { kind: 'target', target };
  }
}
