import { Failure } from '../shared/failure.ts';
import type { PlanExclusionLine, PlanHeader, PlanTargetLine } from './frozen-plan.ts';

/** One line of an export, in this order: the header, every target by ordinal, every exclusion. No address is in it. */
export type PlanExportLine =
  | { readonly kind: 'plan'; readonly digest: string; readonly header: PlanHeader }
  | { readonly kind: 'target'; readonly target: PlanTargetLine }
  | { readonly kind: 'exclusion'; readonly exclusion: PlanExclusionLine };

/** What a machine needs to compute digests with: RFC 8785 text and SHA-256 in lower-case hex, strings as UTF-8. */
export interface PlanHashing {
  canonical(value: unknown): string;
  sha256(input: string): string;
  sha256Stream(): { update(input: string): void; digest(): string };
}

/** A plan as this machine computed it from the export, whatever the server says of it. */
export interface RecomputedPlan {
  readonly digest: string;
  readonly header: PlanHeader;
  readonly lanes: Readonly<Record<string, number>>;
  readonly exclusions: Readonly<Record<string, number>>;
}

/**
 * Recomputes the digest from an export, on the approver's side: the command line and the console run this same code. Checks that the header speaks of the very lines that follow it.
 * `Failure('digest-mismatch')` where anything differs.
 */
export async function recomputePlan(
  digests: PlanHashing,
  lines: AsyncIterable<PlanExportLine>,
): Promise<RecomputedPlan> {
  const targets = digests.sha256Stream();
  const excluded = digests.sha256Stream();
  const lanes: Record<string, number> = {};
  const exclusions: Record<string, number> = {};
  let header: PlanHeader | null = null;
  let claimed = '';
  let total = 0;
  let told = 0;
  let left = 0;
  for await (const line of lines) {
    switch (line.kind) {
      case 'plan':
        if (header !== null) throw differs('it has two headers');
        header = line.header;
        claimed = line.digest;
        break;
      case 'target':
        targets.update(`${digests.canonical(line.target)}\n`);
        lanes[line.target.lane] = (lanes[line.target.lane] ?? 0) + 1;
        if (line.target.ordinal !== total) throw differs(`target ${total} is missing`);
        if (line.target.tellOrdinal !== null) told += 1;
        total += 1;
        break;
      case 'exclusion':
        excluded.update(`${digests.canonical(line.exclusion)}\n`);
        exclusions[line.exclusion.reason] = (exclusions[line.exclusion.reason] ?? 0) + 1;
        left += 1;
        break;
    }
  }
  if (header === null) throw differs('it has no header');
  const digest = digests.sha256(digests.canonical(header));
  if (digest !== claimed) throw differs('its header has another digest than the server says');
  if (header.targets.total !== total || header.targets.told !== told)
    throw differs('its header counts other targets than follow');
  if (header.targets.digest !== targets.digest()) throw differs('its targets are not those of its header');
  if (header.exclusions.total !== left || header.exclusions.digest !== excluded.digest())
    throw differs('its exclusions are not those of its header');
  return { digest, header, lanes, exclusions };
}

function differs(what: string): Failure {
  return new Failure(
    'digest-mismatch',
    `The export of the plan does not hold together: ${what}. Do not approve it; tell its author and whoever runs the server.`,
  );
}
