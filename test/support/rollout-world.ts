import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type pg from 'pg';
import { makeCheckpointFile } from '../../src/adapters/checkpoint/checkpoint-file.ts';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { makeSigningKey, signatures } from '../../src/adapters/crypto/signing-key.ts';
import type { SigningKey } from '../../src/adapters/crypto/signing-key.ts';
import { makeFileDotLog } from '../../src/adapters/fence/file-dot-log.ts';
import { makeFileFence } from '../../src/adapters/fence/file-fence.ts';
import { makeFilePermitJournal } from '../../src/adapters/fence/file-permit-journal.ts';
import type { FileFence } from '../../src/adapters/fence/file-fence.ts';
import { makeNoticeNumbers } from '../../src/adapters/notice/notice-numbers.ts';
import { makeDatabase, makePool } from '../../src/adapters/postgres/database.ts';
import { makeStore } from '../../src/adapters/postgres/store.ts';
import { makeKeyRing } from '../../src/adapters/seal/key-ring.ts';
import { makeSeal } from '../../src/adapters/seal/seal.ts';
import { approveSubject } from '../../src/app/approval/approve-subject.ts';
import type { RecordedApproval } from '../../src/app/approval/record-approval.ts';
import { openDeployment } from '../../src/app/deployment/open-deployment.ts';
import { planWithdrawal } from '../../src/app/evidence/plan-withdrawal.ts';
import { withdrawEvidence } from '../../src/app/evidence/withdraw-evidence.ts';
import { verifyLedger } from '../../src/app/ledger/verify-ledger.ts';
import type { LedgerVerdict } from '../../src/app/ledger/verify-ledger.ts';
import { openCheckpointWriter } from '../../src/app/ledger/write-checkpoint.ts';
import type { CheckpointLog } from '../../src/app/ports/checkpoint-log.ts';
import { draftPlan } from '../../src/app/plan/draft-plan.ts';
import { exportPlan } from '../../src/app/plan/export-plan.ts';
import type { PlanExportLine } from '../../src/domain/plan/recompute-plan.ts';
import type { DraftPlanDeps, DraftPlanRequest } from '../../src/app/plan/plan-draft.ts';
import type { Clock } from '../../src/app/ports/clock.ts';
import type { DotLog } from '../../src/app/ports/dot-log.ts';
import type { PermitJournal } from '../../src/app/ports/permit-journal.ts';
import type { PermitRow, RolloutRow, StoredTrack } from '../../src/app/ports/rollout-store.ts';
import type { Store } from '../../src/app/ports/store.ts';
import type { TemplateCatalog } from '../../src/app/ports/template-catalog.ts';
import { advanceRollout } from '../../src/app/rollout/advance-rollout.ts';
import type { AdvanceResult } from '../../src/app/rollout/advance-rollout.ts';
import { makeHourClock } from '../../src/app/rollout/hour-clock.ts';
import { makeSoakWatch } from '../../src/app/rollout/soak-watch.ts';
import { enterHalt } from '../../src/app/rollout/halt-rollout.ts';
import type { HaltDeps, HaltResult } from '../../src/app/rollout/halt-rollout.ts';
import { makeSubjectReader } from '../../src/app/rollout/read-subject.ts';
import { readRolloutStatus } from '../../src/app/rollout/read-status.ts';
import { recoverPermits } from '../../src/app/rollout/recover-permits.ts';
import { resumeRollout } from '../../src/app/rollout/resume-rollout.ts';
import type { ResumeResult } from '../../src/app/rollout/resume-rollout.ts';
import { makeRolloutPolicy } from '../../src/app/rollout/rollout-policy.ts';
import type { RolloutPolicy } from '../../src/app/rollout/rollout-policy.ts';
import { runPermit } from '../../src/app/rollout/run-permit.ts';
import type { PermitRun, RunPermitDeps } from '../../src/app/rollout/run-permit.ts';
import { startRollout } from '../../src/app/rollout/start-rollout.ts';
import { disputeSensor } from '../../src/app/rollout/take-permit.ts';
import type { Decision, FrozenSubject } from '../../src/domain/approval/approval-statement.ts';
import type { EvidenceClass, ListClass, WithdrawalCause } from '../../src/domain/evidence/evidence.ts';
import { deliveryByte } from '../../src/domain/notice/delivery-state.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import { standardLimits } from '../../src/domain/plan/limits.ts';
import type { PlanLimits } from '../../src/domain/plan/limits.ts';
import type { HaltScope } from '../../src/domain/rollout/halt-scope.ts';
import { resumeEpoch } from '../../src/domain/rollout/halt-scope.ts';
import { isTrack } from '../../src/domain/shared/track.ts';
import type { Track } from '../../src/domain/shared/track.ts';
import { numberOf } from '../../src/domain/shared/ids.ts';
import type { AccountId, BatchId, Digest, OperatorId, PlanId, RetractionId } from '../../src/domain/shared/ids.ts';
import { FakeDirectory } from '../fakes/fake-directory.ts';
import { migratedDatabase } from './ledger-world.ts';
import type { TestPostgres } from './postgres.ts';
import { readShippedTemplates } from './shipped-templates.ts';
import { makeTempFolder } from './temp-folder.ts';

export const worldEnvironment = 'staging';
export const oldPassword = 'herons and 9 tulips';

/** Small brakes without soaks: a whole campaign in a second, with every wave and permit still there. */
export const quickLimits: PlanLimits = {
  ...standardLimits,
  review: 'none',
  tellWaveSizes: [2, 5],
  tellSoakSeconds: [0],
  containWaveSizes: [2, 5],
  containSoakSeconds: [0],
  smallPermitSize: 3,
  smallPermitSeconds: 60,
  permitSeconds: 60,
  retrySeconds: 0,
  holderHours: null,
};

export interface Person {
  readonly id: OperatorId;
  readonly key: SigningKey;
}

/** An account that a batch speaks about, and how. */
export interface BatchRow {
  readonly account: AccountId;
  readonly class?: EvidenceClass;
  readonly eventAt?: Date;
}

const anyHash = 'a'.repeat(64) as Digest;

/** Copies of one migrated database: a new one costs a tenth of a migration. */
export function withRolloutWorlds(postgres: TestPostgres): (options?: WorldOptions) => Promise<RolloutWorld> {
  let template: Promise<string> | undefined;
  return async (options = {}) => {
    template ??= postgres.freshDatabase().then(migratedDatabase);
    return RolloutWorld.open(await postgres.cloneDatabase(await template), options);
  };
}

export interface WorldOptions {
  readonly codeVersion?: string;
  /** Whether bounces and complaints are said to come in. */
  readonly hasFeedback?: boolean;
}

/** What is outside the database, and stays when another database takes its place. */
type Outside = Pick<RolloutWorld, 'stateDir' | 'directory' | 'ledgerKey'>;

/** One installation on real Postgres, real fence and dot files, with a fake directory and a sender that says yes. */
export class RolloutWorld {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly store: Store;
  readonly stateDir: string;
  readonly directory: FakeDirectory;
  readonly keys = makeKeyRing(new Uint8Array(32).fill(9));
  readonly seal = makeSeal(this.keys);
  readonly noticeNumbers = makeNoticeNumbers(this.keys.derive('notice-number'));
  readonly fence: FileFence;
  readonly dotLog: DotLog;
  readonly journal: PermitJournal;
  readonly clock: Clock = { now: () => new Date(), monotonicMs: () => performance.now() };
  readonly soaks = makeSoakWatch(this.clock);
  readonly hourClock = makeHourClock({ ...this.clock, bootId: 'boot 1', wallMs: () => Date.now() });
  readonly warnings: string[] = [];
  deploymentId = '';
  templates!: TemplateCatalog;
  policy!: RolloutPolicy;
  author!: Person;
  approvers!: readonly [Person, Person];
  codeVersion: string;
  readonly hasFeedback: boolean;
  readonly ledgerKey: SigningKey;
  #lists = 0;

  private constructor(
    url: string,
    { codeVersion = 'test-1', hasFeedback = false }: WorldOptions,
    outside: Outside | null,
  ) {
    this.url = url;
    this.hasFeedback = hasFeedback;
    this.codeVersion = codeVersion;
    this.pool = makePool({ url, applicationName: 'test', poolSize: 14, onIdleError: () => undefined });
    this.store = makeStore(makeDatabase(this.pool), digests);
    this.stateDir = outside?.stateDir ?? makeTempFolder('state');
    this.directory = outside?.directory ?? new FakeDirectory('people', worldEnvironment);
    this.ledgerKey = outside?.ledgerKey ?? makeSigningKey();
    this.fence = makeFileFence(this.stateDir);
    this.dotLog = makeFileDotLog(this.stateDir);
    this.journal = makeFilePermitJournal(this.stateDir);
  }

  static async open(url: string, options: WorldOptions): Promise<RolloutWorld> {
    const world = new RolloutWorld(url, options, null);
    const deployment = await openDeployment(
      { store: world.store, digests },
      { name: 'test', environment: worldEnvironment, ledgerPublicKey: world.ledgerKey.publicKey },
    );
    world.deploymentId = deployment.deploymentId;
    // As one that was there before drills were: most tests are about what comes after a start.
    await world.pool.query('UPDATE deployment SET drills_counted_from = clock_timestamp()');
    world.templates = await readShippedTemplates();
    world.policy = world.policyAs(world.codeVersion);
    world.author = await world.addPerson('Ada');
    world.approvers = [await world.addPerson('Ben'), await world.addPerson('Cho')];
    await world.hearSensor();
    return world;
  }

  /** The same host, keys, directory and people on another database: what a restored backup meets. */
  onDatabase(url: string): RolloutWorld {
    const other = new RolloutWorld(url, { codeVersion: this.codeVersion, hasFeedback: this.hasFeedback }, this);
    const { deploymentId, templates, author, approvers } = this;
    Object.assign(other, { deploymentId, templates, author, approvers });
    other.policy = other.policyAs(this.codeVersion);
    return other;
  }

  get checkpointLog(): CheckpointLog {
    return makeCheckpointFile(join(this.stateDir, 'checkpoints.ndjson'));
  }

  async writeCheckpoint(): Promise<void> {
    const { store, clock, deploymentId, ledgerKey: signer, checkpointLog: log } = this;
    await (await openCheckpointWriter({ store, log, signer, digests, clock, deploymentId })).write();
  }

  policyAs(codeVersion: string, templates: TemplateCatalog = this.templates): RolloutPolicy {
    return makeRolloutPolicy({
      digests,
      signatures,
      deploymentId: this.deploymentId,
      templates,
      codeVersion,
      hasFeedback: this.hasFeedback,
    });
  }

  async close(): Promise<void> {
    this.fence.stop();
    await this.pool.end();
  }

  async addPerson(name: string): Promise<Person> {
    const key = makeSigningKey();
    const operator = await this.store.transact((tx) =>
      tx.operators.add({
        name,
        email: `${name.toLowerCase()}@ops.test`,
        publicKey: key.publicKey,
        role: 'operator',
        state: 'active',
        activeFrom: new Date(Date.now() - 60_000),
        addedBy: null,
      }),
    );
    return { id: operator.operatorId, key };
  }

  /** Holders with a password and an address of their own. */
  addHolders(count: number, language = 'en', domain = 'mail.test'): readonly AccountId[] {
    return Array.from({ length: count }, () => {
      const id = `h${randomBytes(5).toString('hex')}`;
      return this.directory.addHolder({ id, address: `${id}@${domain}`, password: oldPassword, language });
    });
  }

  async addBatch(
    rows: readonly (BatchRow | AccountId)[],
    options: { readonly class?: ListClass; readonly finished?: boolean; readonly source?: string } = {},
  ): Promise<BatchId> {
    const list = (this.#lists += 1);
    const listClass = options.class ?? 'credentials';
    const usual = listClass === 'credentials' ? 'verified' : listClass;
    return this.store.transact(async (tx) => {
      const { source } = await tx.evidence.ensureSource(options.source ?? `source ${list}`, 'outside');
      const batch = await tx.evidence.beginBatch({
        sourceNo: source.sourceNo,
        class: listClass,
        directory: this.directory.name,
        fileName: `list-${list}.txt`,
        importedBy: this.author.id,
        reportedBy: listClass === 'reported' ? 'a named person' : null,
        headDigest: digests.sha256(`list ${list}`),
      });
      await tx.evidence.writeFindings(
        batch,
        rows.map((row, index) => {
          const one: BatchRow = typeof row === 'string' ? { account: row } : row;
          const rowClass = one.class ?? usual;
          const isVerified = rowClass === 'verified';
          return {
            accountId: one.account,
            class: rowClass,
            against: isVerified ? ('current' as const) : null,
            hashDigest: isVerified ? digests.sha256(this.directory.credentialOf(one.account) ?? anyHash) : null,
            remark: null,
            sealedLines: rowClass === 'weak' ? null : Uint8Array.of(1),
            linesTotal: 1,
            namesMailbox: false,
            eventId: rowClass === 'observed' ? `event-${list}-${index}` : '',
            eventAt: rowClass === 'observed' ? (one.eventAt ?? new Date(0)) : null,
            rule: rowClass === 'observed' ? 'a rule' : null,
            reason: rowClass === 'reported' ? 'a reason' : null,
          };
        }),
      );
      if (options.finished !== false) await tx.evidence.finishBatch(batch);
      return batch;
    });
  }

  async withdraw(
    batch: BatchId,
    cause: WithdrawalCause,
    accounts: readonly AccountId[] | 'all' = 'all',
  ): Promise<void> {
    const selection =
      accounts === 'all' ? ({ kind: 'all' } as const) : ({ kind: 'accounts', accounts: [...accounts] } as const);
    const { evidence } = await planWithdrawal(this, { batch, selection });
    await withdrawEvidence(this, { batch, selection, cause, reason: 'a test', by: this.author.id, total: evidence });
  }

  get draftDeps(): DraftPlanDeps {
    return {
      store: this.store,
      digests,
      directory: this.directory,
      seal: this.seal,
      templates: this.templates,
      noticeNumbers: this.noticeNumbers,
      deployment: { id: this.deploymentId, environment: worldEnvironment },
      codeVersion: this.codeVersion,
      constants: { 'service-name': 'Chirp', 'support-contact': 'help@chirp.test' },
    };
  }

  draft(
    batches: readonly BatchId[],
    limits: Partial<PlanLimits> = {},
    request: Partial<DraftPlanRequest> = {},
  ): Promise<FrozenPlan> {
    return draftPlan(
      this.draftDeps,
      {
        batches,
        action: 'reset',
        notice: 'password-reset',
        limits: { ...quickLimits, ...limits },
        author: this.author.id,
        ...request,
      },
      () => undefined,
    );
  }

  async export(plan: FrozenPlan): Promise<readonly PlanExportLine[]> {
    const lines: PlanExportLine[] = [];
    for await (const line of exportPlan(this.store, plan.id, this.author.id)) lines.push(line);
    return lines;
  }

  /** One person's signed yes. */
  async sayYes(
    person: Person,
    subject: FrozenSubject,
    what: { readonly digest: string; readonly total: number; readonly decision?: Decision },
  ): Promise<RecordedApproval> {
    const statement = digests.canonical({
      deployment: this.deploymentId,
      directory: this.directory.name,
      digest: what.digest,
      total: what.total,
      decision: what.decision ?? 'approve',
      nonce: randomBytes(16).toString('hex'),
      expiry: new Date(Date.now() + 3_600_000).toISOString(),
    });
    return approveSubject(
      {
        store: this.store,
        digests,
        signatures,
        deploymentId: this.deploymentId,
        readSubject: makeSubjectReader(this.policy),
      },
      { subject, statement, signature: person.key.sign(statement), operatorId: person.id },
    );
  }

  async approve(plan: { readonly id: PlanId; readonly digest: string; readonly total: number }): Promise<void> {
    for (const person of this.approvers) await this.sayYes(person, plan.id, plan);
  }

  start(plan: { readonly id: PlanId; readonly total: number }): Promise<number> {
    return startRollout(
      {
        store: this.store,
        policy: this.policy,
        codeVersion: this.codeVersion,
        directory: this.directory,
        mailerEnvironment: worldEnvironment,
        environment: worldEnvironment,
      },
      plan.id,
      plan.total,
      this.approvers[0].id,
    );
  }

  /** Draws up, approves and starts a plan over a new verified batch of these accounts. */
  async startedPlan(
    accounts: readonly AccountId[],
    limits: Partial<PlanLimits> = {},
  ): Promise<{ readonly plan: FrozenPlan; readonly rolloutNo: number; readonly batch: BatchId }> {
    const batch = await this.addBatch(accounts);
    const plan = await this.draft([batch], limits);
    await this.approve(plan);
    return { plan, batch, rolloutNo: await this.start(plan) };
  }

  runDeps(changes: Partial<RunPermitDeps> = {}): RunPermitDeps {
    return {
      store: this.store,
      clock: this.clock,
      hourClock: this.hourClock,
      digests,
      fence: this.fence,
      dotLog: this.dotLog,
      journal: this.journal,
      seal: this.seal,
      directory: this.directory,
      policy: this.policy,
      deployment: this.deploymentId,
      worker: { id: 'worker_1', host: this.dotLog.host },
      objection: this.policy.objection,
      planOf: this.policy.planOf,
      mailHeldBy: () => null,
      sendPermit: (_plan, { permit }) =>
        Promise.resolve({
          outcome: permit.outcome.map((byte) => (byte === deliveryByte('claimed') ? deliveryByte('accepted') : byte)),
          notes: [],
          peerAway: false,
        }),
      ...changes,
    };
  }

  run(rolloutNo: number, track: Track, changes: Partial<RunPermitDeps> = {}): Promise<PermitRun> {
    return runPermit(this.runDeps(changes), rolloutNo, track);
  }

  advance(rolloutNo: number, policy: RolloutPolicy = this.policy): Promise<AdvanceResult> {
    return advanceRollout(
      { store: this.store, soaks: this.soaks, wavesOf: policy.wavesOf, noteTold: policy.noteTold, judge: policy.judge },
      rolloutNo,
    );
  }

  /** Works as one worker would until nothing moves any more; at most `rounds` rounds. */
  async work(rolloutNo: number, changes: Partial<RunPermitDeps> = {}, rounds = 200): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      await this.hearSensor();
      let moved = (await this.advance(rolloutNo, changes.policy)).moved;
      for (const track of await this.tracks(rolloutNo)) {
        if (track.phase !== 'running') continue;
        moved = (await this.run(rolloutNo, track.track, changes)) === 'settled' || moved;
      }
      if (!moved) return;
    }
    throw new Error(`rollout ${rolloutNo} still moved after ${rounds} rounds`);
  }

  recover(dotLog: DotLog = this.dotLog): Promise<number> {
    return recoverPermits({
      store: this.store,
      digests,
      dotLog,
      journal: this.journal,
      limitsOf: this.policy.limitsOf,
    });
  }

  get haltDeps(): HaltDeps {
    return {
      store: this.store,
      fence: this.fence,
      publishHalt: () => Promise.resolve(),
      warn: (message) => this.warnings.push(message),
    };
  }

  halt(subject: PlanId | RetractionId | null, scope: HaltScope = 'all'): Promise<HaltResult> {
    return enterHalt(this.haltDeps, { subject, scope, by: this.approvers[0].id, reason: 'a test' });
  }

  resume(subject: PlanId | RetractionId, policy: RolloutPolicy = this.policy): Promise<ResumeResult> {
    return resumeRollout(
      { store: this.store, fence: this.fence, policy, digests, signatures, deploymentId: this.deploymentId },
      subject,
      this.approvers[0].id,
    );
  }

  /** Both approvers say yes to resuming exactly this halted state. */
  async agreeToResume(plan: { readonly id: PlanId; readonly digest: string; readonly total: number }): Promise<void> {
    const rollout = await this.rolloutOf(plan.id);
    const decision: Decision = `resume-epoch-${resumeEpoch(await this.tracks(rollout.no), await this.pausesOf(rollout.no))}`;
    for (const person of this.approvers) await this.sayYes(person, plan.id, { ...plan, decision });
  }

  /** Both approvers say yes to going on over exactly the verdicts that hold now. */
  async agreeToGoOn(plan: { readonly id: PlanId; readonly digest: string; readonly total: number }): Promise<void> {
    const { goOn } = await readRolloutStatus(this, plan.id);
    if (goOn === null) throw new Error(`nothing that two people may go on over holds ${plan.id}`);
    const { decision } = goOn;
    for (const person of this.approvers) await this.sayYes(person, plan.id, { ...plan, decision });
  }

  async rolloutOf(subject: PlanId | RetractionId): Promise<RolloutRow> {
    const kind = subject.startsWith('plan_') ? 'plan' : 'retraction';
    const row = await this.store.transact((tx) => tx.rollouts.find(kind, numberOf(subject)));
    if (row === null) throw new Error(`${subject} was not started`);
    return row;
  }

  tracks(rolloutNo: number): Promise<readonly StoredTrack[]> {
    return this.store.transact((tx) => tx.rollouts.tracks(rolloutNo));
  }

  pausesOf(rolloutNo: number): Promise<number> {
    return this.store.transact((tx) => tx.pauses.count(rolloutNo));
  }

  async track(rolloutNo: number, track: Track): Promise<StoredTrack> {
    const found = (await this.tracks(rolloutNo)).find((one) => one.track === track);
    if (found === undefined) throw new Error(`rollout ${rolloutNo} has no track ${track}`);
    return found;
  }

  permits(rolloutNo: number, track: Track): Promise<readonly PermitRow[]> {
    return this.store.transact((tx) => tx.rollouts.permits(rolloutNo, track));
  }

  /** The outcome bytes of a track from ordinal 0 to the last that a permit ever held. */
  async outcomes(rolloutNo: number, track: Track): Promise<readonly number[]> {
    return (await this.permits(rolloutNo, track)).flatMap((permit) => [...permit.outcome]);
  }

  hearSensor(): Promise<void> {
    return this.store.transact((tx) => tx.rollouts.beatSensor(disputeSensor));
  }

  /** As if the last word of the sensor were this long ago. */
  async silenceSensor(seconds: number): Promise<void> {
    await this.pool.query(`UPDATE sensor SET seen_at = clock_timestamp() - make_interval(secs => $1)`, [seconds]);
  }

  /** As if every open permit had run out this long ago. */
  async expirePermits(seconds = 30): Promise<void> {
    await this.pool.query(
      `UPDATE permit SET expires_at = clock_timestamp() - make_interval(secs => $1) WHERE state = 'open'`,
      [seconds],
    );
  }

  /** Every range that waits for its next try is due now. */
  async makeDue(): Promise<void> {
    await this.pool.query(`UPDATE permit SET due_at = clock_timestamp() WHERE state = 'returned'`);
  }

  /** Nothing of the rollouts so far is met again: as if each had ended where it stands. */
  async setAsideRollouts(): Promise<void> {
    await this.pool.query(`UPDATE permit SET state = 'settled'`);
    await this.pool.query(`UPDATE track SET phase = 'finished'`);
  }

  async verifyLedger(): Promise<LedgerVerdict> {
    const { store, deploymentId } = this;
    await this.writeCheckpoint();
    return verifyLedger({
      store,
      log: this.checkpointLog,
      digests,
      signatures,
      deploymentId,
      ledgerPublicKey: this.ledgerKey.publicKey,
      readOutcomeVector: (rolloutNo, track, from, attempt) =>
        store.transact(async (tx) => {
          const permit = isTrack(track) ? await tx.rollouts.permitAt(rolloutNo, track, from) : null;
          return permit !== null && permit.fromOrdinal === from && permit.attempt === attempt
            ? permit.settledOutcome
            : null;
        }),
    });
  }
}
