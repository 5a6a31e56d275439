import { chooseWay } from '../../domain/recovery/choose-way.ts';
import type { RecoveryWay } from '../../domain/recovery/choose-way.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { AccountId } from '../../domain/shared/ids.ts';
import type { RestorePoint } from '../ports/restore-point-store.ts';
import type { RecoveryDeps } from './recovery-deps.ts';

/** An account whose password we took out of use and that carries our marker still. */
export interface Recoverable {
  readonly point: RestorePoint;
  readonly rolloutNo: number;
  readonly way: RecoveryWay;
  /** Where the code goes: the address of record from before the evidence, as far as is known. */
  readonly address: string;
  /** Every address that we know of its holder, the one above first. */
  readonly addresses: readonly string[];
  readonly language: string | null;
}

/** Null for every account that we have nothing to give a password to, for whatever reason. */
export async function findRecoverable(
  { store, directory }: Pick<RecoveryDeps, 'store' | 'directory'>,
  accountId: AccountId,
): Promise<Recoverable | null> {
  const known = await store.transact(async (tx) => {
    const point = (await tx.restorePoints.openOf(directory.name, [accountId])).get(accountId);
    if (point === undefined) return null;
    const [target] = await tx.plans.targetsOf(point.plan, [accountId]);
    const rollout = await tx.rollouts.find('plan', numberOf(point.plan));
    if (target === undefined || rollout === null) return null;
    const feedback = await tx.feedback.ofNotice(target.noticeNumber);
    const hasFailed = feedback.some(({ kind }) => kind === 'bounced' || kind === 'complained');
    const live = (await tx.evidence.liveEvidence([accountId])).get(accountId) ?? [];
    return { point, target, rolloutNo: rollout.no, hasFailed, isNamedInList: live.some((item) => item.namesMailbox) };
  });
  if (known === null) return null;
  const { point, target, rolloutNo, hasFailed, isNamedInList } = known;
  const account = (await directory.readAccounts([accountId])).get(accountId);
  const stored = (await directory.readCredentials([accountId])).get(accountId) ?? null;
  // Whoever has chosen a password since is not ours to help: the service's own way works.
  if (account === undefined || stored !== point.marker) return null;
  const way = chooseWay({
    lane: target.lane,
    frozenAddress: target.address,
    presentAddress: account.address,
    presentConfirmed: account.addressConfirmed,
    hasFailed,
    isNamedInList,
  });
  const addresses = [
    ...new Set([target.address, account.address].filter((address): address is string => address !== null)),
  ];
  const [address] = addresses;
  if (way === null || address === undefined) return null;
  return { point, rolloutNo, way, address, addresses, language: target.language ?? account.language };
}
