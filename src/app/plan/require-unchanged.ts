import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { Digests } from '../ports/digests.ts';
import type { Tx } from '../ports/store.ts';
import { digestExclusions, digestTargets } from './digest-plan.ts';
import { digestControl } from './draw-control.ts';

/**
 * Refuses a plan whose rows are no longer the ones that its digest is over, addresses included: what two people said
 * yes to is what is in the tables now (I21). Reads every row: some seconds per million.
 */
export async function requireUnchanged(digests: Digests, tx: Tx, plan: FrozenPlan): Promise<void> {
  const { header, id } = plan;
  const salt = await tx.plans.addressSalt(id);
  let strangeAddresses = 0;
  let erasedAddresses = 0;
  const targets = await digestTargets(digests, tx, id, (row) => {
    const digest = row.address === null ? null : digests.sha256(`${salt}:${row.address}`);
    if (digest === row.addressDigest) return;
    if (digest === null) erasedAddresses += 1;
    else strangeAddresses += 1;
  });
  const exclusions = await digestExclusions(digests, tx, id);
  const changed = [
    ...((await isControlUnchanged(digests, tx, plan, salt)) ? [] : ['control group']),
    ...(digests.sha256(digests.canonical(header)) === plan.digest ? [] : ['header']),
    ...(plan.total === header.targets.total && targets.digest === header.targets.digest ? [] : ['targets']),
    ...(exclusions.digest === header.exclusions.digest ? [] : ['exclusions']),
    ...(strangeAddresses === 0 ? [] : ['addresses']),
  ];
  if (changed.length === 0 && erasedAddresses > 0)
    throw new Failure(
      'conflict',
      `${id} cannot go forward: ${erasedAddresses} of its addresses were erased, since its time is over or somebody asked for it. Draft a new plan.`,
      { plan: id, erasedAddresses },
    );
  if (changed.length === 0) return;
  throw new Failure(
    'digest-mismatch',
    `${id} is no longer what was approved: its ${changed.join(', ')} changed in the database. Nothing of it may act. ` +
      'Find out who wrote to the database, and draft a new plan.',
    { plan: id, changed },
  );
}

/** Whoever was erased since is missing from it, and changes nothing of what was approved: they were only looked at. */
async function isControlUnchanged(
  digests: Digests,
  tx: Tx,
  { id, header }: FrozenPlan,
  salt: string,
): Promise<boolean> {
  const { total, digest } = await digestControl(digests, tx, id);
  if (total !== (header.control?.total ?? 0)) return false;
  if (header.control !== undefined && digest !== header.control.digest) return false;
  const rows = await tx.controls.rows(id);
  return rows.every(
    (row) => row.accountId === null || digests.sha256(`${salt}:${row.accountId}`) === row.accountDigest,
  );
}
