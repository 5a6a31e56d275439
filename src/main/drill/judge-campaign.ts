import { readStoredHashes } from '../../adapters/directory/rehearsal/made-up-people.ts';
import type { StoredTrack } from '../../app/ports/rollout-store.ts';
import type { DrillFigures, DrillReport } from '../../domain/drill/drill-report.ts';
import { judgeDrill } from '../../domain/drill/judge-drill.ts';
import type { SeenHalt, SeenPerson } from '../../domain/drill/judge-drill.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { OperatorId, PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { DrillWorld } from './drill-world.ts';

/** How far a campaign came, and when, on the clock that cannot jump. */
export interface Campaign {
  plan: PlanId | null;
  retraction: RetractionId | null;
  agreedBy: OperatorId | null;
  /** Stored credentials when everything stood still after the halt. */
  atHalt: ReadonlyMap<string, string | null> | null;
  haltedAtMs: number | null;
  approvedAtMs: number | null;
  restoredAtMs: number | null;
}

/** Reads the directory and the mailbox past the product, and holds them against what was true from the beginning. */
export async function judgeCampaign(
  world: DrillWorld,
  campaign: Campaign,
  notReached: readonly string[],
): Promise<DrillReport> {
  const { services, people, arrivals } = world;
  const now = await readStoredHashes(world.installation.config.directoryUrl ?? '');
  const letters = Map.groupBy(arrivals, (mail) => mail.to);
  const seen = people.map((person): SeenPerson => {
    const { accountId, hash, address, truth } = person;
    return {
      id: accountId,
      truth,
      letters: (letters.get(address) ?? []).map((mail) => mail.letter),
      wasContained: (campaign.atHalt ?? now).get(accountId) !== hash,
      hashIsBack: now.get(accountId) === hash,
    };
  });
  const known = new Set(people.map((person) => person.address));
  const strayMails = arrivals.filter((mail) => !known.has(mail.to)).length;
  const halt = await seenHalt(world, campaign);
  const shown = campaign.retraction === null ? null : await services.showRetraction(campaign.retraction);
  const approvedBy = (shown?.approvals.given ?? [])
    .filter((one) => one.holds)
    .map(({ operator }) => ({ id: operator, isPerson: isPerson(world, operator) }));
  const { counts, reasons } = judgeDrill({
    people: seen,
    strayMails,
    halt,
    approvedBy,
    remainder: shown?.tally.remainder ?? 0,
    ledgerIsWhole: (await services.verifyLedger()).whole,
  });
  const figures: DrillFigures = {
    ...counts,
    strayMails,
    haltMs: halt?.haltMs ?? null,
    lastDotMs: halt?.lastDotMs ?? null,
    dotsAfterHalt: halt?.dotsAfter ?? null,
    inFlightAtHalt: halt?.inFlight ?? null,
    haltedAfterSeconds: secondsBetween(arrivals[0]?.atMs ?? null, campaign.haltedAtMs),
    approvedAfterSeconds: secondsBetween(campaign.haltedAtMs, campaign.approvedAtMs),
    restoredAfterSeconds: secondsBetween(campaign.approvedAtMs, campaign.restoredAtMs),
  };
  return {
    figures,
    agreedBy: campaign.agreedBy,
    haltedBy: halt !== null && halt.isPerson ? (halt.by as OperatorId) : null,
    approvedBy: approvedBy.filter((one) => one.isPerson).map((one) => one.id),
    // Where a step was never reached, all that would have followed is missing with it.
    reasons: notReached.length > 0 ? notReached : reasons,
  };
}

/** What the halt of the tell track did, by the clock of the process that took both the request and the mails. */
async function seenHalt(world: DrillWorld, { plan }: Campaign): Promise<SeenHalt | null> {
  if (plan === null) return null;
  const tell = (await tracksOf(world, plan)).find((track) => track.track === 'tell');
  const by = tell?.haltedBy ?? null;
  if (by === null) return null;
  const halt = world.halts.find(({ result }) =>
    result.rollouts.some((one) => one.subject === plan && one.halted.includes('tell')),
  );
  // A gate or a tripwire: there was no request to time.
  if (halt === undefined)
    return { by, isPerson: false, haltMs: 0, lastDotMs: 0, dotsAfter: 0, inFlight: 0, toldBefore: 0 };
  // Corrections are mails too, and come after every halt.
  const notices = world.arrivals.filter((mail) => mail.letter === 'notice');
  const after = notices.filter((mail) => mail.atMs > halt.committedAtMs);
  return {
    by,
    isPerson: isPerson(world, by),
    haltMs: Math.round(halt.committedAtMs - halt.askedAtMs),
    lastDotMs: Math.round(Math.max(0, ...after.map((mail) => mail.atMs - halt.committedAtMs))),
    dotsAfter: after.length,
    inFlight: halt.result.rollouts.find((one) => one.subject === plan)?.inFlight ?? 0,
    toldBefore: notices.length - after.length,
  };
}

/** Whether this is somebody who was there before the drill: its own author and approvers are not. */
export function isPerson({ crew }: DrillWorld, operator: string): boolean {
  const madeUp = [crew.author, crew.approver].map((one) => one.id);
  return operator.startsWith('operator_') && !madeUp.some((id) => id === operator);
}

export async function tracksOf(
  { installation }: DrillWorld,
  subject: PlanId | RetractionId,
): Promise<readonly StoredTrack[]> {
  return installation.store.transact(async (tx) => {
    const rollout = await tx.rollouts.find(subject.startsWith('plan_') ? 'plan' : 'retraction', numberOf(subject));
    return rollout === null ? [] : tx.rollouts.tracks(rollout.no);
  });
}

function secondsBetween(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.round((to - from) / 100) / 10;
}
