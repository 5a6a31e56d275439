import type { DrillStanding } from '../../domain/drill/drill-standing.ts';
import { readDrillStanding } from '../drill/read-drill-standing.ts';
import type { RolloutStatus, ReadStatusDeps } from '../rollout/read-status.ts';
import { readRateStandings } from '../rollout/read-mail-rate.ts';
import type { RateStanding } from '../rollout/read-mail-rate.ts';
import { readRolloutStatus } from '../rollout/read-status.ts';
import { subjectOf } from '../rollout/halt-rollout.ts';
import { aliveSeconds } from '../doctor/check-workers.ts';
import { disputeSensor } from '../rollout/take-permit.ts';

/**
 * Rollouts that are counted in full, the newest: a halted one that people gave up stays unfinished for ever, and each costs
 * up to two seconds at 500,000 members.
 */
export const rolloutsAtMost = 10;
/** Older ones have been looked at, or nobody looks. */
const operatorMailDays = 7;
/** A worker that was silent for an hour was stopped on purpose, or somebody knows. */
const rememberedSeconds = 3_600;
/** As `doctor` counts it: by then a living worker has settled its permit, or another one has taken it back. */
const overdueSeconds = 120;

/** How the whole installation stands, in numbers. Nothing in it names an account. */
export interface InstallationCounts {
  readonly unfinished: number;
  /** The newest of them, each as `rollout status` says it. */
  readonly rollouts: readonly RolloutStatus[];
  readonly sensorAgeSeconds: number | null;
  /** Per host of the last hour: how many workers are alive, which is none where all are silent, and how long ago the last was heard. */
  readonly workers: readonly { readonly host: string; readonly count: number; readonly silentSeconds: number }[];
  readonly overduePermits: number;
  /** Mails that a server put off, and that wait to be tried again. */
  readonly deferredMails: number;
  /** Passwords that are sealed and not yet taken, and those that are held back. */
  readonly drill: DrillStanding;
  /** Mails to those who decide, of the last week, by state. */
  readonly operatorMails: Readonly<Record<string, number>>;
  readonly restorePoints: Readonly<Record<'sealed' | 'open', number>>;
  /** Of all mail, and of the providers and domains that the configuration names. */
  readonly mailRates: readonly RateStanding[];
}

/** Counts, each rollout in a transaction of its own. Reads every outcome of the rollouts that are not finished. */
export async function countInstallation(deps: ReadStatusDeps): Promise<InstallationCounts> {
  const { store, mailRate } = deps;
  const unfinished = await store.transact((tx) => tx.rollouts.unfinished());
  const rollouts: RolloutStatus[] = [];
  for (const rollout of unfinished.slice(-rolloutsAtMost))
    rollouts.push(await readRolloutStatus(deps, subjectOf(rollout)));
  const mailRates = mailRate === undefined ? [] : await readRateStandings(mailRate);
  return store.transact(async (tx) => ({
    unfinished: unfinished.length,
    rollouts,
    sensorAgeSeconds: await tx.rollouts.sensorAgeSeconds(disputeSensor),
    workers: byHost(await tx.operation.workers(rememberedSeconds)),
    overduePermits: await tx.operation.overduePermits(overdueSeconds),
    deferredMails: await tx.operation.deferredMails(),
    operatorMails: (await tx.bulletins.counts(operatorMailDays)).byState,
    drill: await readDrillStanding(tx, deps.policy.drillRule),
    restorePoints: await tx.operation.openRestorePoints(),
    mailRates,
  }));
}

function byHost(
  workers: readonly { readonly host: string; readonly silentSeconds: number }[],
): InstallationCounts['workers'] {
  const hosts = Map.groupBy(workers, (worker) => worker.host);
  return [...hosts].map(([host, own]) => ({
    host,
    count: own.filter((worker) => worker.silentSeconds <= aliveSeconds).length,
    silentSeconds: Math.min(...own.map((worker) => worker.silentSeconds)),
  }));
}
