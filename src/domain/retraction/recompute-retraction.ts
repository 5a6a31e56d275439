import type { PlanHashing } from '../plan/recompute-plan.ts';
import { Failure } from '../shared/failure.ts';
import type { RetractionHeader, RetractionTargetLine } from './frozen-retraction.ts';

/** One line of a retraction's export, in this order: the header, then every account by ordinal. No address is in it. */
export type RetractionExportLine =
  | { readonly kind: 'retraction'; readonly digest: string; readonly header: RetractionHeader }
  | { readonly kind: 'target'; readonly target: RetractionTargetLine };

/** A retraction as this machine computed it from the export, whatever the server says of it. */
export interface RecomputedRetraction {
  readonly digest: string;
  readonly header: RetractionHeader;
  /** Accounts that get their password back or a letter: what an approver types. */
  readonly affected: number;
}

/**
 * Recomputes the digest from an export, on the approver's side: the command line and the console run this same code. Checks that
 * the header speaks of the very lines that follow it. `Failure('digest-mismatch')` where anything differs.
 */
export async function recomputeRetraction(
  digests: PlanHashing,
  lines: AsyncIterable<RetractionExportLine>,
): Promise<RecomputedRetraction> {
  const hash = digests.sha256Stream();
  const decisions: Record<string, number> = {};
  let header: RetractionHeader | null = null;
  let claimed = '';
  let total = 0;
  let restore = 0;
  let correct = 0;
  let affected = 0;
  for await (const line of lines) {
    if (line.kind === 'retraction') {
      if (header !== null) throw differs('it has two headers');
      header = line.header;
      claimed = line.digest;
      continue;
    }
    const { target } = line;
    hash.update(`${digests.canonical(target)}\n`);
    if (target.ordinal !== total) throw differs(`account ${total} is missing`);
    decisions[target.decision] = (decisions[target.decision] ?? 0) + 1;
    total += 1;
    if (target.restoreOrdinal !== null) restore += 1;
    if (target.correctOrdinal !== null) correct += 1;
    if (target.restoreOrdinal !== null || target.correctOrdinal !== null) affected += 1;
  }
  if (header === null) throw differs('it has no header');
  const digest = digests.sha256(digests.canonical(header));
  if (digest !== claimed) throw differs('its header has another digest than the server says');
  const { targets } = header;
  if (targets.total !== total || targets.restore !== restore || targets.correct !== correct)
    throw differs('its header counts other accounts than follow');
  if (digests.canonical(targets.decisions) !== digests.canonical(decisions))
    throw differs('its header counts other decisions than follow');
  if (targets.digest !== hash.digest()) throw differs('its accounts are not those of its header');
  return { digest, header, affected };
}

function differs(what: string): Failure {
  return new Failure(
    'digest-mismatch',
    `The export of the retraction does not hold together: ${what}. Do not approve it; tell its author and whoever runs the server.`,
  );
}
