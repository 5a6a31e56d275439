import { makeHostClock } from '../../src/adapters/fence/host-clock.ts';
import type pg from 'pg';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { makeSigningKey, signatures } from '../../src/adapters/crypto/signing-key.ts';
import type { SigningKey } from '../../src/adapters/crypto/signing-key.ts';
import { makeNoticeNumbers } from '../../src/adapters/notice/notice-numbers.ts';
import { makeDatabase, makePool } from '../../src/adapters/postgres/database.ts';
import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { makeStore } from '../../src/adapters/postgres/store.ts';
import { makeKeyRing } from '../../src/adapters/seal/key-ring.ts';
import { makeSeal } from '../../src/adapters/seal/seal.ts';
import { approveSubject } from '../../src/app/approval/approve-subject.ts';
import { openDeployment } from '../../src/app/deployment/open-deployment.ts';
import { withdrawEvidence } from '../../src/app/evidence/withdraw-evidence.ts';
import { sendCorrection } from '../../src/app/notice/send-correction.ts';
import { draftPlan } from '../../src/app/plan/draft-plan.ts';
import type { DraftPlanRequest } from '../../src/app/plan/plan-draft.ts';
import type { StoredFinding } from '../../src/app/ports/evidence-store.ts';
import type { Fence } from '../../src/app/ports/fence.ts';
import type { PermitJournal } from '../../src/app/ports/permit-journal.ts';
import type { OutcomeNote } from '../../src/app/ports/rollout-store.ts';
import type { Store } from '../../src/app/ports/store.ts';
import type { TemplateCatalog } from '../../src/app/ports/template-catalog.ts';
import { draftRetraction } from '../../src/app/retraction/draft-retraction.ts';
import { startRetraction } from '../../src/app/retraction/start-retraction.ts';
import { containPermit } from '../../src/app/rollout/contain-permit.ts';
import { enterHalt } from '../../src/app/rollout/halt-rollout.ts';
import { makeSubjectReader } from '../../src/app/rollout/read-subject.ts';
import { restorePermit } from '../../src/app/rollout/restore-permit.ts';
import { makeRolloutPolicy } from '../../src/app/rollout/rollout-policy.ts';
import { settlePermit } from '../../src/app/rollout/settle-permit.ts';
import type { PermitFindings } from '../../src/app/rollout/settle-permit.ts';
import { startRollout } from '../../src/app/rollout/start-rollout.ts';
import { makeHourClock } from '../../src/app/rollout/hour-clock.ts';
import { disputeSensor, takePermit } from '../../src/app/rollout/take-permit.ts';
import type { TakenPermit } from '../../src/app/rollout/take-permit.ts';
import { deliveryByte } from '../../src/domain/notice/delivery-state.ts';
import type { DeliveryState } from '../../src/domain/notice/delivery-state.ts';
import type { WithdrawalCause } from '../../src/domain/evidence/evidence.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import { sampleLimits } from '../../src/domain/plan/limits.ts';
import type { PlanLimits } from '../../src/domain/plan/limits.ts';
import type { FrozenRetraction } from '../../src/domain/retraction/frozen-retraction.ts';
import { numberOf } from '../../src/domain/shared/ids.ts';
import type { AccountId, BatchId, OperatorId, PlanId, RetractionId } from '../../src/domain/shared/ids.ts';
import type { Track } from '../../src/domain/shared/track.ts';
import { FakeDirectory } from '../fakes/fake-directory.ts';
import { readShippedTemplates } from './shipped-templates.ts';

/** One permit of up to 100 over everybody: what a test settles in one go. No soak. */
export const oneWave: PlanLimits = {
  ...sampleLimits,
  order: 'contain-first',
  containWaveSizes: [1_000],
  tellWaveSizes: [1_000],
  containSoakSeconds: [0],
  tellSoakSeconds: [0],
  smallWaveBelow: 0,
  permitSeconds: 60,
};

export const codeVersion = 'test';
export const constants = { 'service-name': 'Chirp', 'support-contact': 'help@chirp.test' };
export const leakedPassword = 'tulips and 9 herons';

interface Person {
  readonly id: OperatorId;
  readonly key: SigningKey;
}

const openFence: Fence = {
  mayAct: () => true,
  close: () => undefined,
  ensure: () => undefined,
  haltFilePresent: () => false,
};

/**
 * A whole installation on a real Postgres with a fake directory: evidence, plans, rollouts and retractions are made by
 * the use cases themselves, and only what a mail server would say is given by the test.
 */
export class Campaign {
  readonly pool: pg.Pool;
  readonly store: Store;
  readonly directory = new FakeDirectory('people', 'sample');
  readonly seal = makeSeal(makeKeyRing(new Uint8Array(32).fill(5)));
  readonly noticeNumbers = makeNoticeNumbers(new Uint8Array(32).fill(6));
  readonly templates: TemplateCatalog;
  readonly deploymentId: string;
  /** Ada writes plans; Bo and Cy say yes to them. */
  readonly people: readonly [Person, Person, Person];

  private constructor(
    pool: pg.Pool,
    store: Store,
    templates: TemplateCatalog,
    deploymentId: string,
    people: readonly [Person, Person, Person],
  ) {
    this.pool = pool;
    this.store = store;
    this.templates = templates;
    this.deploymentId = deploymentId;
    this.people = people;
  }

  static async begin(url: string): Promise<Campaign> {
    const pool = makePool({ url, applicationName: 'test', onIdleError: () => undefined });
    await migrate(pool);
    const store = makeStore(makeDatabase(pool), digests);
    const ledgerKey = makeSigningKey();
    const { deploymentId } = await openDeployment(
      { store, digests },
      { name: 'test', environment: 'sample', ledgerPublicKey: ledgerKey.publicKey },
    );
    const people = [await addPerson(store, 'ada'), await addPerson(store, 'bo'), await addPerson(store, 'cy')] as const;
    return new Campaign(pool, store, await readShippedTemplates(), deploymentId, people);
  }

  /** Everything that use cases ask for, under the names that they use. */
  get deps() {
    const { store, directory, seal, templates, noticeNumbers, deploymentId } = this;
    const approvals = { digests, signatures, deploymentId };
    return {
      ...approvals,
      store,
      directory,
      seal,
      templates,
      noticeNumbers,
      codeVersion,
      constants,
      deployment: { id: deploymentId, environment: 'sample' },
      policy: makeRolloutPolicy({ ...approvals, templates, codeVersion, hasFeedback: false }),
    };
  }

  get author(): OperatorId {
    return this.people[0].id;
  }

  /** New holders with the leaked password and a confirmed address. */
  holders(count: number): readonly AccountId[] {
    return Array.from({ length: count }, () => this.holder());
  }

  holder(over: Partial<Parameters<FakeDirectory['addHolder']>[0]> = {}): AccountId {
    holdersMade += 1;
    const address = `holder-${holdersMade}@mail.test`;
    return this.directory.addHolder({ id: `u${holdersMade}`, address, password: leakedPassword, ...over });
  }

  /** A finished list of leaked pairs that works on these accounts. */
  leaked(accounts: readonly AccountId[], source = 'a forum'): Promise<BatchId> {
    return this.batch('credentials', source, accounts, (id) => ({
      class: 'verified',
      against: 'current',
      hashDigest: digests.sha256(this.directory.credentialOf(id) ?? ''),
      sealedLines: new Uint8Array([1]),
    }));
  }

  /** A finished list of what a rule of the service observed. */
  observed(accounts: readonly AccountId[], source = 'the new rule'): Promise<BatchId> {
    return this.batch('observed', source, accounts, (id) => ({
      class: 'observed',
      eventId: `event of ${id}`,
      eventAt: new Date('2026-11-01T10:00:00Z'),
      rule: 'sign-in from a new network',
      sealedLines: new Uint8Array([1]),
    }));
  }

  /** A list in which only addresses were seen. */
  weak(accounts: readonly AccountId[], source = 'a paste'): Promise<BatchId> {
    return this.batch('credentials', source, accounts, () => ({ class: 'weak' }));
  }

  draft(batches: readonly BatchId[], limits: PlanLimits = oneWave): Promise<FrozenPlan> {
    const request = { batches, action: 'reset', notice: 'password-reset', limits, author: this.author } as const;
    return draftPlan(this.deps, request, () => undefined);
  }

  /** A plan that suspends everybody whom these lists name. */
  draftSuspension(batches: readonly BatchId[], over: Partial<DraftPlanRequest> = {}): Promise<FrozenPlan> {
    const request: DraftPlanRequest = {
      batches,
      action: 'suspend',
      suspension: { reason: 'spam', days: 30 },
      notice: 'account-suspended',
      limits: oneWave,
      author: this.author,
      ...over,
    };
    return draftPlan(this.deps, request, () => undefined);
  }

  /** Bo and Cy say yes, or only the first of them. */
  async approve(subject: FrozenPlan | FrozenRetraction, people: 1 | 2 = 2): Promise<void> {
    const total = 'total' in subject ? subject.total : subject.affected;
    for (const person of this.people.slice(1, 1 + people)) {
      const statement = digests.canonical({
        deployment: this.deploymentId,
        directory: this.directory.name,
        digest: subject.digest,
        total,
        decision: 'approve',
        nonce: digests.randomHex(16),
        expiry: new Date(Date.now() + 3_600_000).toISOString(),
      });
      const signature = person.key.sign(statement);
      const given = { subject: subject.id, statement, signature, operatorId: person.id };
      const recorded = await approveSubject({ ...this.deps, readSubject: makeSubjectReader(this.deps.policy) }, given);
      if (recorded.kind === 'refused') throw new Error(recorded.reason);
    }
  }

  async start(plan: FrozenPlan): Promise<number> {
    const environments = { environment: 'sample', mailerEnvironment: 'sample' };
    return startRollout({ ...this.deps, ...environments }, plan.id, plan.total, this.author);
  }

  /** A plan on evidence of that kind, approved and started; nobody is acted on yet. */
  async begun(
    batches: readonly BatchId[],
    limits: PlanLimits = oneWave,
  ): Promise<{ plan: FrozenPlan; rollout: number }> {
    const plan = await this.draft(batches, limits);
    await this.approve(plan);
    return { plan, rollout: await this.start(plan) };
  }

  /** Opens the next wave of a track and takes one permit in it. */
  async take(rollout: number, track: Track): Promise<TakenPermit> {
    await this.store.transact(async (tx) => {
      await tx.rollouts.beatSensor(disputeSensor);
      const state = (await tx.rollouts.tracks(rollout)).find((one) => one.track === track);
      if (state === undefined) throw new Error(`rollout ${rollout} has no track ${track}`);
      const openTo = state.waveEnds[state.wavesOpened];
      if (state.nextOrdinal >= state.openTo && openTo !== undefined) await tx.rollouts.openWave(rollout, track, openTo);
    });
    const { policy } = this.deps;
    const taken = await takePermit(
      {
        store: this.store,
        digests,
        fence: openFence,
        journal: noJournal,
        clock: { now: () => new Date(), monotonicMs: () => 0 },
        hourClock: makeHourClock(makeHostClock()),
        worker: { id: 'worker_1', host: 'here' },
        objection: (tx, row, of) => policy.objection(tx, row, of),
        planOf: (tx, row) => policy.planOf(tx, row),
      },
      rollout,
      track,
    );
    if (taken.kind !== 'permit') throw new Error(`no permit on ${track}: ${JSON.stringify(taken)}`);
    return taken;
  }

  async settle(taken: TakenPermit, findings: PermitFindings): Promise<void> {
    await settlePermit({ store: this.store, digests }, taken.permit, taken.limits, findings);
  }

  /** Contains the next range of a plan in the directory, truly. */
  async contain(plan: PlanId, rollout: number): Promise<void> {
    const taken = await this.take(rollout, 'contain');
    const deps = { ...this.deps, deployment: this.deploymentId };
    await this.settle(taken, await containPermit(deps, taken.plan, taken, () => true));
  }

  /** Settles the next range of a mail track with what the mail server is said to have answered, in order. */
  async tell(rollout: number, states: readonly DeliveryState[], track: Track = 'tell'): Promise<void> {
    const taken = await this.take(rollout, track);
    await this.answer(taken, states);
  }

  async answer(taken: TakenPermit, states: readonly DeliveryState[]): Promise<void> {
    const { permit } = taken;
    const notes: OutcomeNote[] = [];
    const outcome = permit.outcome.map((_, index) => {
      const state = states[index] ?? 'accepted';
      if (state !== 'accepted')
        notes.push({ ordinal: permit.fromOrdinal + index, attempt: permit.attempt, state, note: `said by the test` });
      return deliveryByte(state);
    });
    await this.settle(taken, { outcome, notes, peerAway: false });
  }

  async halt(subject: PlanId | RetractionId): Promise<void> {
    await enterHalt(
      { store: this.store, fence: openFence, publishHalt: () => Promise.resolve(), warn: () => undefined },
      { subject, scope: 'all', by: this.author, reason: 'a test' },
    );
  }

  async withdraw(batch: BatchId, cause: WithdrawalCause, accounts?: readonly AccountId[]): Promise<void> {
    const { rows } = await this.pool.query<{ count: number }>(
      `SELECT count(*) FROM evidence WHERE batch_no = $1 AND state = 'live' AND ($2::text[] IS NULL OR account_id = ANY($2))`,
      [numberOf(batch), accounts ?? null],
    );
    await withdrawEvidence(this.deps, {
      batch,
      selection: accounts === undefined ? { kind: 'all' } : { kind: 'accounts', accounts },
      cause,
      reason: 'a test',
      by: this.author,
      total: Number(rows[0]?.count),
    });
  }

  async sendHolding(plan: PlanId, total: number): Promise<void> {
    await sendCorrection(this.deps, plan, 'holding', total, this.author);
  }

  draftRetraction(plan: PlanId): Promise<FrozenRetraction> {
    return draftRetraction(this.deps, plan, this.author);
  }

  /** Draws up, agrees on and starts a retraction of a halted plan. */
  async retract(plan: PlanId): Promise<{ retraction: FrozenRetraction; rollout: number }> {
    const retraction = await this.draftRetraction(plan);
    await this.approve(retraction);
    const started = await startRetraction(this.deps, retraction.id, this.author);
    if (started.kind !== 'started') throw new Error('the retraction waits for approvals');
    return { retraction, rollout: started.rolloutNo };
  }

  /** Gives passwords of the next range back in the directory, truly. */
  async restore({ id }: FrozenRetraction, rollout: number): Promise<void> {
    const taken = await this.take(rollout, 'restore');
    const deps = { ...this.deps, deployment: this.deploymentId };
    await this.settle(taken, await restorePermit(deps, id, taken.plan, taken, () => true));
  }

  /** Number of the plan's notice to an account. */
  numberOf(plan: PlanId, account: AccountId): string {
    return this.noticeNumbers(plan, account, 'notice');
  }

  async ledgerEvents(chain = 'installation'): Promise<readonly string[]> {
    const { rows } = await this.pool.query<{ event: string }>(
      'SELECT event FROM ledger_entry WHERE chain = $1 ORDER BY seq',
      [chain],
    );
    return rows.map((row) => row.event);
  }

  end(): Promise<void> {
    return this.pool.end();
  }

  private async batch(
    listClass: 'credentials' | 'observed',
    sourceName: string,
    accounts: readonly AccountId[],
    finding: (id: AccountId) => Partial<StoredFinding>,
  ): Promise<BatchId> {
    return this.store.transact(async (tx) => {
      const authority = listClass === 'observed' ? 'own' : 'outside';
      const { source } = await tx.evidence.ensureSource(sourceName, authority);
      const batch = await tx.evidence.beginBatch({
        sourceNo: source.sourceNo,
        class: listClass,
        directory: this.directory.name,
        fileName: 'list.txt',
        importedBy: this.author,
        reportedBy: null,
        headDigest: digests.sha256(accounts.join(' ')),
      });
      await tx.evidence.writeFindings(
        batch,
        accounts.map((accountId) => ({ ...emptyFinding, accountId, ...finding(accountId) })),
      );
      await tx.evidence.finishBatch(batch);
      return batch;
    });
  }
}

/** A worker of another machine: nothing of it is asked here. */
const noJournal: PermitJournal = {
  host: 'here',
  refusal: () => null,
  note: () => undefined,
  newest: () => null,
  entries: () => [],
  close: () => undefined,
};

let holdersMade = 0;

const emptyFinding: Omit<StoredFinding, 'accountId'> = {
  class: 'weak',
  against: null,
  hashDigest: null,
  remark: null,
  sealedLines: null,
  linesTotal: 1,
  namesMailbox: false,
  eventId: '',
  eventAt: null,
  rule: null,
  reason: null,
};

async function addPerson(store: Store, name: string): Promise<Person> {
  const key = makeSigningKey();
  const operator = await store.transact(async (tx) =>
    tx.operators.add({
      name,
      email: `${name}@chirp.test`,
      publicKey: key.publicKey,
      role: 'operator',
      state: 'active',
      activeFrom: await tx.approvals.now(),
      addedBy: null,
    }),
  );
  return { id: operator.operatorId, key };
}
