import { pairTemplateWithAction } from '../../domain/notice/pair-template-with-action.ts';
import { heldFromOrdinal } from '../../domain/plan/holder-hours.ts';
import { smallPlanTargetsMax } from '../../domain/plan/limits.ts';
import type { PlanLimits } from '../../domain/plan/limits.ts';
import { suspensionDaysMax } from '../../domain/plan/suspension-terms.ts';
import { placeAccount } from '../../domain/plan/place-account.ts';
import type { Placement, PlacingEvidence } from '../../domain/plan/place-account.ts';
import { isGroundForSuspension, placeForSuspension } from '../../domain/plan/place-for-suspension.ts';
import { tellEndsOf } from '../../domain/plan/waves.ts';
import type { FrozenPlan, PinnedTemplate, PlanExclusionLine } from '../../domain/plan/frozen-plan.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { AccountId, BatchId, PlanId } from '../../domain/shared/ids.ts';
import type { Evidence } from '../../domain/evidence/evidence.ts';
import type { Account } from '../ports/directory.ts';
import type { EvidenceCursor } from '../ports/evidence-store.ts';
import type { DraftTarget, ZonedWaves } from '../ports/plan-store.ts';
import { drawControl, kindOfAccount } from './draw-control.ts';
import { freezePlan } from './freeze-plan.ts';
import { isSuspending } from './plan-draft.ts';
import type { DraftPlanDeps, DraftPlanRequest } from './plan-draft.ts';
import { refuseOverBudget } from './refuse-over-budget.ts';

/** Accounts read from the directory at a time; its calls take at most 1,000. */
const page = 1_000;

/**
 * Draws up and freezes a plan: the one way to make one, and it acts on nobody. Refuses what selects nobody, what rests
 * on weak evidence alone, what exceeds a budget and what a template does not describe; then nothing is kept of it.
 */
export async function draftPlan(
  deps: DraftPlanDeps,
  request: DraftPlanRequest,
  onProgress: (placed: number) => void,
): Promise<FrozenPlan> {
  refuseWrongPace(deps, request.limits);
  const templates = pinTemplates(deps, request);
  refuseUnfitSuspension(deps, request);
  await refuseUnfinishedBatches(deps, request.batches);

  const orderKey = deps.digests.randomHex(32);
  const addressSalt = deps.digests.randomHex(32);
  const { plan, now } = await deps.store.transact(async (tx) => ({
    now: await tx.rollouts.now(),
    plan: await tx.plans.begin({
      directory: deps.directory.name,
      action: request.action,
      authorNo: numberOf(request.author),
      codeVersion: deps.codeVersion,
      addressSalt,
    }),
  }));
  try {
    const kinds: KindCount = { now, targets: new Map() };
    await placeAll(deps, request, plan, orderKey, addressSalt, kinds, onProgress);
    // Nobody is expected back from a suspension: there is nothing to hold beside a control group.
    const most = isSuspending(request) ? 0 : (request.limits.controlMost ?? 0);
    await drawControl(deps, { plan, orderKey, addressSalt, most, ...kinds });
    const accountTotal = await deps.directory.countAccounts();
    const key = await deps.seal.newPlanKey(plan);
    return await deps.store.transact(async (tx) => {
      const ordered = await tx.plans.orderTargets(
        plan,
        zonedWaves(await tx.plans.countDraftTold(plan), request.limits),
      );
      if (ordered.total === 0) throw nobodySelected(request.batches, await tx.plans.exclusionsByReason(plan));
      refuseTooLargeForSmall(request.limits, ordered.total);
      await refuseOverBudget(tx, deps.directory.name, ordered.total, accountTotal, request.limits);
      await tx.restorePoints.addPlanKey(plan, key);
      return freezePlan(deps, tx, {
        plan,
        request,
        templates,
        orderKey,
        told: ordered.told,
        total: ordered.total,
        sealKeyId: key.keyId,
      });
    });
  } catch (error) {
    await deps.store.transact((tx) => tx.plans.discard(plan));
    throw error;
  }
}

function refuseWrongPace(deps: DraftPlanDeps, limits: PlanLimits): void {
  if (limits.pace === 'sample' && deps.deployment.environment !== 'sample') {
    throw new Failure(
      'guardrail-failed',
      `The pace "sample" has soaks of seconds and is for the sample service only; this is ${deps.deployment.environment}.`,
    );
  }
  if (deps.directory.environment !== deps.deployment.environment) {
    throw new Failure(
      'environment-mismatch',
      `The directory ${deps.directory.name} is ${deps.directory.environment}, this deployment is ${deps.deployment.environment}. They never work together.`,
    );
  }
}

function refuseUnfitSuspension(deps: DraftPlanDeps, request: DraftPlanRequest): void {
  if ((request.action === 'suspend') !== isSuspending(request)) {
    throw new Failure(
      'usage',
      'A plan that suspends says why and for how long, and no other plan does: --reason, --expires.',
    );
  }
  if (!isSuspending(request)) return;
  if (!deps.directory.capabilities.suspend) {
    throw new Failure(
      'guardrail-failed',
      `The directory ${deps.directory.name} cannot suspend accounts: better-auth needs its admin plugin for it, and a mapping the columns. Nothing was drawn up. See docs/concepts/suspension.md.`,
      { directory: deps.directory.name },
    );
  }
  const { days } = request.suspension;
  if (!Number.isInteger(days) || days < 1 || days > suspensionDaysMax) {
    throw new Failure('usage', `A suspension lapses after 1 to ${suspensionDaysMax} days, not ${days}.`, { days });
  }
}

/** Ten and then all the rest is sound only where two people looked at every single target. */
function refuseTooLargeForSmall(limits: PlanLimits, total: number): void {
  if (limits.profile !== 'small' || total <= smallPlanTargetsMax) return;
  throw new Failure(
    'guardrail-failed',
    `The plan would have ${total} targets, and the small profile is for at most ${smallPlanTargetsMax}: its second wave ` +
      'is all the rest at once. Check the evidence first; for a service of this size set ALLCLEAR_PROFILE=standard.',
    { total, most: smallPlanTargetsMax },
  );
}

function pinTemplates(deps: DraftPlanDeps, request: DraftPlanRequest): readonly PinnedTemplate[] {
  const template = deps.templates.findNewest(request.notice);
  if (template === null) {
    throw new Failure(
      'not-found',
      `There is no notice template "${request.notice}". The folder templates/notices holds them.`,
    );
  }
  const pairing = pairTemplateWithAction(template, request.action);
  if (pairing.kind === 'refused') {
    throw new Failure(
      'template-unfit',
      `The notice ${request.notice} cannot go with ${request.action}: ${pairing.problems.join('; ')}.`,
    );
  }
  return deps.templates.pinsOf(template.id, template.version);
}

async function refuseUnfinishedBatches(deps: DraftPlanDeps, batches: readonly BatchId[]): Promise<void> {
  if (batches.length === 0)
    throw new Failure('nothing-selected', 'A plan rests on evidence. Name a batch: --evidence batch_1');
  await deps.store.transact(async (tx) => {
    for (const id of batches) {
      const batch = await tx.evidence.readBatch(id);
      if (batch === null)
        throw new Failure('not-found', `There is no ${id}. Import a list: allclear evidence import FILE --source NAME`);
      if (batch.state !== 'finished')
        throw new Failure('conflict', `${id} is ${batch.state}. Import the same file again to finish it.`);
      if (batch.directory !== deps.directory.name)
        throw new Failure('conflict', `${id} was verified against ${batch.directory}, not ${deps.directory.name}.`);
    }
  });
}

/** People whose password is taken and who are told, by what makes others like them. */
interface KindCount {
  readonly now: Date;
  readonly targets: Map<string, number>;
}

/** Places every account that the batches speak about. */
async function placeAll(
  deps: DraftPlanDeps,
  request: DraftPlanRequest,
  plan: PlanId,
  orderKey: string,
  addressSalt: string,
  kinds: KindCount,
  onProgress: (placed: number) => void,
): Promise<void> {
  const { batches } = request;
  let placed = 0;
  for (const batch of batches) {
    for await (const accounts of accountsOfBatch(deps, batch)) {
      const live = await deps.store.transact((tx) => tx.evidence.liveEvidence(accounts));
      const known = await deps.directory.readAccounts(accounts);
      const credentials = await deps.directory.readCredentials(accounts);
      const signIns = deps.directory.capabilities.lastSignIn
        ? await deps.directory.readLastSignIns(accounts)
        : new Map<AccountId, Date | null>();
      const suspended = isSuspending(request) ? await deps.directory.readSuspensions(accounts) : null;
      const targets: DraftTarget[] = [];
      const exclusions: PlanExclusionLine[] = [];
      for (const id of accounts) {
        const every = live.get(id) ?? [];
        const own = every.filter((item) => batches.includes(item.batch));
        const credential = credentials.get(id) ?? null;
        const credentialDigest = digestOrNull(deps, credential);
        // Behind a marker is the very password that was sealed: such an account is recorded as quarantined already.
        const isQuarantined = credential !== null && deps.seal.readMarker(deps.directory.name, id, credential) !== null;
        const placing = own.map((item): PlacingEvidence => ({
          class: item.class,
          at: item.eventAt ?? item.recordedAt,
          isOfPresentPassword: isQuarantined || item.hashDigest === credentialDigest,
        }));
        const { endSessions } = deps.directory.capabilities;
        const account = known.get(id);
        const placement: Placement =
          suspended === null
            ? placeAccount(
                account ?? null,
                placing,
                endSessions,
                every.some((item) => item.namesMailbox),
              )
            : placeForSuspension(account ?? null, placing, (suspended.get(id) ?? null) !== null, endSessions);
        const standsOn = own.filter((item) =>
          suspended === null ? item.class !== 'weak' : isGroundForSuspension(item),
        );
        if (placement.kind === 'excluded') {
          exclusions.push({ accountId: id, reason: placement.reason });
          continue;
        }
        if (account !== undefined && placement.tell && placement.effect === 'quarantine') {
          const kind = kindOfAccount(account, signIns.get(id) ?? null, kinds.now);
          kinds.targets.set(kind, (kinds.targets.get(kind) ?? 0) + 1);
        }
        targets.push({
          accountId: id,
          sortKey: deps.digests.sha256(`${orderKey}:${id}`),
          lane: placement.lane,
          effect: placement.effect,
          tell: placement.tell,
          ...addressOf(deps, account, addressSalt),
          credentialDigest,
          evidenceNos: standsOn.map((item) => item.evidenceNo),
          reason: placement.reason,
          noticeNumber: deps.noticeNumbers(plan, id, 'notice'),
        });
      }
      await deps.store.transact(async (tx) => {
        await tx.plans.addDraftTargets(plan, targets);
        await tx.plans.addExclusions(plan, exclusions);
      });
      placed += accounts.length;
      onProgress(placed);
    }
  }
}

async function* accountsOfBatch(deps: DraftPlanDeps, batch: BatchId): AsyncIterable<readonly AccountId[]> {
  let after: EvidenceCursor | null = null;
  for (;;) {
    const rows: readonly Evidence[] = await deps.store.transact((tx) =>
      tx.evidence.pageOfBatch(batch, {
        classes: ['verified', 'observed', 'reported', 'weak'],
        states: ['live'],
        after,
        limit: page,
      }),
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = { accountId: last.accountId, evidenceNo: last.evidenceNo };
    yield [...new Set(rows.map((row) => row.accountId))];
  }
}

function addressOf(
  deps: DraftPlanDeps,
  account: Account | undefined,
  salt: string,
): Pick<DraftTarget, 'address' | 'addressDigest' | 'language' | 'timeZone'> {
  const address = account?.address ?? null;
  return {
    address,
    addressDigest: address === null ? null : deps.digests.sha256(`${salt}:${address}`),
    language: account?.language ?? null,
    timeZone: account?.timeZone ?? null,
  };
}

function zonedWaves(told: number, limits: PlanLimits): ZonedWaves | null {
  const tellEnds = tellEndsOf(told, limits);
  const fromOrdinal = heldFromOrdinal(tellEnds, limits.holderHours);
  if (limits.holderHours === null || fromOrdinal === null) return null;
  return { tellEnds, fromOrdinal, defaultZone: limits.holderHours.defaultZone };
}

function digestOrNull(deps: DraftPlanDeps, text: string | null): string | null {
  return text === null ? null : deps.digests.sha256(text);
}

function nobodySelected(batches: readonly BatchId[], exclusions: Readonly<Record<string, number>>): Failure {
  const onlyWeak = Object.keys(exclusions).length === 1 && exclusions['weak-evidence-only'] !== undefined;
  const left = Object.entries(exclusions).map(([reason, count]) => `${count} ${reason}`);
  return new Failure(
    onlyWeak ? 'weak-evidence' : 'nothing-selected',
    `The evidence of ${batches.join(', ')} selects nobody${left.length === 0 ? ': it has no live evidence' : ` (${left.join(', ')})`}. ` +
      (onlyWeak ? 'An address seen in a leak, without a working password, never resets anybody.' : 'No plan was made.'),
  );
}
