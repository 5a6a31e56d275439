import type { SourceWorth } from '../app/evidence/list-sources.ts';
import type { PolicySetting } from '../app/deployment/show-policy.ts';
import type { SuppressionList, SuppressionPlace } from '../app/ports/feedback-store.ts';
import type { ApproveSubjectInput } from '../app/approval/approve-subject.ts';
import type { AskedStatement, OfferedStatement } from '../app/approval/offer-statement.ts';
import type { ApprovalExportLine } from '../app/approval/export-approvals.ts';
import type { RecordedApproval } from '../app/approval/record-approval.ts';
import type { OnImportProgress } from '../app/evidence/import-progress.ts';
import type { ImportOutcome, ImportRequest } from '../app/evidence/import-request.ts';
import type { WithdrawalPlan } from '../app/evidence/plan-withdrawal.ts';
import type { WithdrawalSelection } from '../app/evidence/select-withdrawal.ts';
import type { AskedOverride } from '../app/drill/ask-override.ts';
import type { ListedDrills, ShownDrill } from '../app/drill/show-drill.ts';
import type { EvidenceReport } from '../app/evidence/show-evidence.ts';
import type { WithdrawalRequest } from '../app/evidence/withdraw-evidence.ts';
import type { Explanation } from '../app/explain/explanation.ts';
import type { PersonalValue } from '../app/ledger/erase-personal.ts';
import type { EntryFilter, ListedEntry } from '../app/ledger/list-entries.ts';
import type { ShownLoss } from '../app/ledger/show-loss.ts';
import type { LedgerVerdict } from '../app/ledger/verify-ledger.ts';
import type { NoticePreviews } from '../app/notice/preview-notices.ts';
import type { CheckedNotice } from '../app/notice/check-notice.ts';
import type { CorrectionKind, CorrectionPreview } from '../app/notice/send-correction.ts';
import type { AddedOperator, AddOperatorInput } from '../app/operator/add-operator.ts';
import type { DecideOperatorInput, OperatorDecision } from '../app/operator/decide-operator.ts';
import type { Caller } from '../app/operator/authenticate-token.ts';
import type { GivenAcceptance } from '../app/operator/accept-invitation.ts';
import type { GivenInvitation, IssuedInvitation } from '../app/operator/invite-operator.ts';
import type { IssuedToken } from '../app/operator/make-token.ts';
import type { RevokeTokenInput } from '../app/operator/revoke-token.ts';
import type { AddedPasskey, AddPasskeyInput } from '../app/passkey/add-passkey.ts';
import type { Enroller } from '../app/passkey/begin-enrolment.ts';
import type { MadeLink } from '../app/passkey/make-link.ts';
import type { BrowserAnswer, BrowserOptions } from '../app/ports/passkeys.ts';
import type { Passkey } from '../app/ports/passkey-store.ts';
import type { BegunOidc } from '../app/ports/identity-provider.ts';
import type { OpenedSession } from '../app/session/open-session.ts';
import type { SessionView, ShownSession } from '../app/session/show-session.ts';
import type { DraftPlanRequest } from '../app/plan/plan-draft.ts';
import type { PlanExportLine } from '../domain/plan/recompute-plan.ts';
import type { RetractionExportLine } from '../domain/retraction/recompute-retraction.ts';
import type { Rehearsal } from '../app/plan/rehearse-plan.ts';
import type { ShownPlan } from '../app/plan/show-plan.ts';
import type { DueRetention } from '../app/retention/find-due.ts';
import type { RetentionReport } from '../app/retention/run-retention.ts';
import type { ErasurePreview } from '../app/subject/erase-subject.ts';
import type { SubjectExport } from '../app/subject/export-subject.ts';
import type { ShownRetraction } from '../app/retraction/show-retraction.ts';
import type { WrittenStatement } from '../app/statement/write-statement.ts';
import type { KnownToken } from '../app/ports/operator-store.ts';
import type { RetractionPage } from '../app/retraction/list-retraction.ts';
import type { ListedRetraction } from '../app/retraction/retractions-of.ts';
import type { EvidenceBatch } from '../app/ports/evidence-store.ts';
import type { PlanSummary } from '../app/ports/plan-store.ts';
import type { RequestKeys } from '../app/request/request-keys.ts';
import type { OwnReview } from '../app/review/own-review.ts';
import type { ReviewPage, ReviewTarget } from '../app/review/read-review-targets.ts';
import type { GivenVerdict } from '../app/review/record-verdicts.ts';
import type { StartRetractionResult } from '../app/retraction/start-retraction.ts';
import type { HaltResult } from '../app/rollout/halt-rollout.ts';
import type { ListedRollout } from '../app/overview/list-rollouts.ts';
import type { Overview } from '../app/overview/read-overview.ts';
import type { EventPlace, RolloutEvents } from '../app/rollout/read-events.ts';
import type { PausedRollout, PauseRequest } from '../app/rollout/pause-rollout.ts';
import type { ListedDispute } from '../app/ports/rollout-store.ts';
import type { RolloutStatus } from '../app/rollout/read-status.ts';
import type { ResumeResult } from '../app/rollout/resume-rollout.ts';
import type { ApprovalSubject } from '../domain/approval/approval-statement.ts';
import type { GivenDecision } from '../app/appeal/decide-appeal.ts';
import type { Appeal } from '../domain/appeal/appeal.ts';
import type { RecoveryAsk } from '../app/recovery/ask-recovery.ts';
import type { SetPasswordResult, WindowStanding } from '../app/recovery/set-new-password.ts';
import type { TypedCode } from '../app/recovery/type-code.ts';
import type { Operator } from '../domain/approval/operator.ts';
import type { BudgetProfile } from '../domain/guardrail/judge-budgets.ts';
import type { FrozenPlan } from '../domain/plan/frozen-plan.ts';
import type { PlanLimits } from '../domain/plan/limits.ts';
import type { HaltRequest } from '../domain/rollout/halt-request.ts';
import type { FrozenRetraction } from '../domain/retraction/frozen-retraction.ts';
import type {
  AccountId,
  AppealId,
  BatchId,
  DrillId,
  NoticeNumber,
  OperatorId,
  PasskeyId,
  PlanId,
  RetractionId,
  SessionId,
} from '../domain/shared/ids.ts';

/** What every signed statement names, and what a person who approves checks it against. */
export interface DeploymentFacts {
  readonly deployment: string;
  readonly environment: string;
  readonly directory: string;
  readonly codeVersion: string;
  /** As holders know it; it stands on the public pages. */
  readonly serviceName: string;
}

/** What the public pages say of the service, beside its name. */
export interface HolderPages {
  /** The service's own page for a forgotten password; null where none is configured. */
  readonly recoveryUrl: string | null;
  /** How to reach a person of the service: an address, a URL or plain words. */
  readonly supportContact: string;
  readonly publicUrl: string;
}

/** The named choices of a draft; the numbers behind them come from the configuration and are frozen into the plan. */
export interface LimitChoices {
  /** Null: as the environment has it. */
  readonly pace: PlanLimits['pace'] | null;
  readonly order: PlanLimits['order'];
  readonly budget: BudgetProfile;
}

/**
 * What the API does, one function per verb: each is the use case of the same name without its dependencies, so that
 * routes know neither a database nor a mailer. Refusals are `Failure`s unless the type says otherwise.
 */
/** A post as it came, its body's own bytes: signatures are over those. */
export interface FeedbackPost {
  readonly body: Uint8Array;
  /** Empty where there is none. */
  readonly header: (name: string) => string;
}

/** `refused`: it is not proved to come from the provider. `later`: the provider is to come again. */
type TakeFeedback = (post: FeedbackPost) => Promise<'taken' | 'refused' | 'later'>;

export interface FeedbackFacts {
  readonly channels: readonly string[];
  readonly returnPathDomain: string;
  readonly complaintsAddress: string | null;
  readonly lastHeardSeconds: number | null;
}

/** Signing in with the account of one's organisation. */
export interface OidcSignIn {
  /** `begun` goes into a cookie of this browser and comes back with the answer. */
  begin(): Promise<BegunOidc>;
  /** `callbackUrl`: the address that the browser was sent back to, with its query. `Failure('unauthenticated')`. */
  finish(callbackUrl: string, begun: string): Promise<OpenedSession>;
}

/** Whether pages that write a mail can do their work now; the same for everybody, and asked in nobody's name. */
export type PageReadiness = 'ready' | 'no-mail' | 'halted' | 'away';

/** Hosted recovery, as its pages call it. */
export interface RecoveryPages {
  /** What a browser is given to hold. */
  newBrowser(): string;
  /** Done after the answer, so that the answer tells nothing. False: too many wait already. */
  ask(ask: RecoveryAsk): boolean;
  typeCode(typed: { readonly code: string; readonly browser: string }): Promise<TypedCode>;
  readWindow(window: string): Promise<WindowStanding>;
  setPassword(given: { readonly window: string; readonly password: string }): Promise<SetPasswordResult>;
  revoke(typed: { readonly code: string }): Promise<boolean>;
}

/** A setting as the configuration explains it. */
export interface ShownPolicySetting extends PolicySetting {
  readonly group: 'directory' | 'mail' | 'limits';
  readonly meaning: string;
  readonly unit: string | null;
}

export interface Services {
  readonly deployment: DeploymentFacts;
  showPolicy(): Promise<readonly ShownPolicySetting[]>;
  readonly holderPages: HolderPages;
  /** Webhooks of mail providers; null for those that are not configured. */
  readonly feedback: Readonly<Record<'ses' | 'postmark' | 'sendgrid', TakeFeedback | null>>;
  showFeedback(): Promise<FeedbackFacts>;
  /** `of`: a notice number as somebody typed it; null: all. `Failure('usage')` where it is none. */
  listSuppressions(limit: number, of?: string | null, after?: SuppressionPlace | null): Promise<SuppressionList>;
  removeSuppression(notice: string, by: OperatorId): Promise<{ readonly noticeNumber: string }>;
  /** Rejects while the server cannot do its work: its database does not answer. */
  ready(): Promise<void>;
  /** `Failure('database-behind')` while this database may be older than the world: it is for reading and halting only. */
  requireStanding(): Promise<void>;

  /** What was answered to requests that carried an Idempotency-Key. */
  readonly requestKeys: RequestKeys;

  authenticate(token: string): Promise<Caller>;
  /** The same for a halt, which is not kept waiting by a database that does not answer. */
  authenticateToHalt(token: string): Promise<Caller>;
  /** Whether the service itself asks, by its own token; compared in constant time. */
  isServiceToken(token: string): boolean;
  /** Where the console is opened, as browsers write an origin. */
  readonly consoleOrigin: string;
  /** Whose session this secret is of. `isAct`: a person asks, so that it stays open. */
  authenticateSession(secret: string, isAct: boolean): Promise<Caller>;
  /** As `authenticateToHalt`. */
  authenticateSessionToHalt(secret: string): Promise<Caller>;
  beginSignIn(): Promise<{ readonly challengeId: string; readonly publicKey: BrowserOptions }>;
  signIn(given: { readonly challengeId: string; readonly assertion: BrowserAnswer }): Promise<OpenedSession>;
  /** Null where no OpenID Connect server is configured. */
  readonly oidc: OidcSignIn | null;
  /** `Failure('unauthenticated')` for a caller who is not signed in. */
  showSession(caller: Caller): Promise<SessionView>;
  listSessions(of: OperatorId): Promise<readonly ShownSession[]>;
  /** One's own; null: the one that the caller is in. False where it had ended. */
  endSession(caller: Caller, session: SessionId | null): Promise<boolean>;
  makeLink(request: string, signature: string): Promise<MadeLink>;
  makeLinkForProposed(wanted: { readonly operator: OperatorId; readonly by: OperatorId }): Promise<MadeLink>;
  beginEnrolment(by: Enroller): Promise<BrowserOptions>;
  confirmPasskey(of: OperatorId, attestation: BrowserAnswer): Promise<BrowserOptions>;
  addPasskey(input: AddPasskeyInput): Promise<AddedPasskey>;
  listPasskeys(of: OperatorId): Promise<readonly Passkey[]>;
  revokePasskey(input: { readonly passkey: PasskeyId; readonly by: OperatorId }): Promise<boolean>;
  issueToken(request: string, signature: string): Promise<IssuedToken>;
  /** Those that can still be used; null lists everybody's. */
  listTokens(of: OperatorId | null): Promise<readonly KnownToken[]>;
  /** False where it was revoked before. */
  revokeToken(input: RevokeTokenInput): Promise<boolean>;

  /** Lists give rows after the one that is named; null from the beginning. */
  listOperators(limit: number, after: OperatorId | null): Promise<readonly Operator[]>;
  proposeOperator(input: Omit<AddOperatorInput, 'by'> & { readonly by: OperatorId }): Promise<AddedOperator>;
  /** The second person ever, in the small profile. */
  inviteOperator(given: GivenInvitation): Promise<IssuedInvitation>;
  acceptInvitation(given: GivenAcceptance): Promise<Operator>;
  decideOperator(input: DecideOperatorInput): Promise<OperatorDecision>;

  importEvidence(request: ImportRequest, onProgress: OnImportProgress): Promise<ImportOutcome>;
  listSources(limit: number, before: number | null): Promise<readonly SourceWorth[]>;
  listBatches(limit: number, after: BatchId | null): Promise<readonly EvidenceBatch[]>;
  showEvidence(batch: BatchId): Promise<EvidenceReport>;
  planWithdrawal(request: {
    readonly batch: BatchId;
    readonly selection: WithdrawalSelection;
  }): Promise<WithdrawalPlan>;
  withdrawEvidence(request: WithdrawalRequest): Promise<WithdrawalPlan>;

  draftPlan(
    request: Omit<DraftPlanRequest, 'limits'> & { readonly limits: LimitChoices },
    onProgress: (placed: number) => void,
  ): Promise<FrozenPlan>;
  listPlans(limit: number, after?: PlanId | null): Promise<readonly PlanSummary[]>;
  showPlan(plan: PlanId): Promise<ShownPlan>;
  /** What people of the plan would read; sends nothing. */
  previewNotices(plan: PlanId): Promise<NoticePreviews>;
  exportPlan(plan: PlanId, by: string): AsyncIterable<PlanExportLine>;
  rehearsePlan(plan: PlanId, to: string, by: OperatorId): Promise<Rehearsal>;
  /** Draws this person's targets where that was not done yet. */
  beginReview(plan: PlanId, reviewer: OperatorId): Promise<OwnReview>;
  readOwnReview(plan: PlanId, reviewer: OperatorId): Promise<OwnReview>;
  /** Each reading is in the ledger. */
  readReviewTargets(plan: PlanId, reviewer: OperatorId, page: ReviewPage): Promise<readonly ReviewTarget[]>;
  recordVerdicts(plan: PlanId, reviewer: OperatorId, verdicts: readonly GivenVerdict[]): Promise<OwnReview>;
  /** A yes to a plan or a retraction, to resuming it, or to accepting a loss. */
  approveSubject(input: ApproveSubjectInput): Promise<RecordedApproval>;
  /** The text to say yes to with a passkey; refused where that yes would be. */
  offerStatement(asked: AskedStatement): Promise<OfferedStatement>;
  exportApprovals(subject: ApprovalSubject): Promise<readonly ApprovalExportLine[]>;

  startRollout(plan: PlanId, total: number, by: OperatorId): Promise<number>;
  /** Newest first, those before the rollout of this number; null from the newest. */
  listRollouts(limit: number, before: number | null): Promise<readonly ListedRollout[]>;
  /** What runs, what waits for this person, and what is wrong. */
  readOverview(me: Operator): Promise<Overview>;
  readRolloutStatus(subject: PlanId | RetractionId): Promise<RolloutStatus>;
  /** Where the ledger of a rollout ends now, and its entries after a place. */
  readEventPlace(subject: PlanId | RetractionId): Promise<EventPlace>;
  readRolloutEvents(subject: PlanId | RetractionId, after: EventPlace, limit: number): Promise<RolloutEvents>;
  resumeRollout(subject: PlanId | RetractionId, by: OperatorId): Promise<ResumeResult>;
  pauseRollout(request: PauseRequest): Promise<PausedRollout>;
  /** Newest first, those after `after`; null from the newest. `Failure('not-found')`. */
  listDisputes(
    subject: PlanId | RetractionId,
    limit: number,
    after: NoticeNumber | null,
  ): Promise<readonly ListedDispute[]>;
  haltRollout(request: HaltRequest): Promise<HaltResult>;

  previewCorrection(plan: PlanId, kind: CorrectionKind): Promise<CorrectionPreview>;
  sendCorrection(plan: PlanId, kind: CorrectionKind, total: number, by: OperatorId): Promise<CorrectionPreview>;

  draftRetraction(plan: PlanId, author: OperatorId): Promise<FrozenRetraction>;
  exportRetraction(retraction: RetractionId, by: string): AsyncIterable<RetractionExportLine>;
  retractionsOf(plan: PlanId): Promise<readonly ListedRetraction[]>;
  showRetraction(subject: RetractionId | PlanId): Promise<ShownRetraction>;
  listRetraction(
    retraction: RetractionId,
    page: { readonly after: number | null; readonly limit: number; readonly onlyRemainder: boolean },
  ): Promise<RetractionPage>;
  startRetraction(retraction: RetractionId, by: OperatorId): Promise<StartRetractionResult>;

  /** Answers once people can take part. */
  beginDrill(by: OperatorId): Promise<ShownDrill>;
  listDrills(limit: number): Promise<ListedDrills>;
  /** Null: the newest. */
  showDrill(drill: DrillId | null): Promise<ShownDrill>;
  /** Allows nothing by itself: two people sign the decision. */
  askDrillOverride(plan: PlanId, reason: string, by: OperatorId): Promise<AskedOverride>;
  readDrillOverride(plan: PlanId): Promise<AskedOverride>;
  /** A request for the API of the drill that runs, which asks itself who calls. `Failure('not-found')` where none does. */
  forwardToDrill(request: Request, clientAddress: string): Promise<Response>;

  /** `query`: an account id, an address or a notice number. Each reading is in the ledger with its reader. */
  explain(query: string, by: OperatorId): Promise<Explanation>;
  /** Everything that is held of one account. `query` as for `explain`. */
  exportSubject(query: string, by: OperatorId): Promise<SubjectExport>;
  previewErasure(query: string): Promise<ErasurePreview>;
  eraseSubject(query: string, by: OperatorId): Promise<ErasurePreview>;
  writeStatement(plan: PlanId): Promise<WrittenStatement>;
  listLedger(filter: EntryFilter): Promise<readonly ListedEntry[]>;
  verifyLedger(): Promise<LedgerVerdict>;
  /** The loss that waits to be signed by two. `Failure('not-found')`. */
  showLoss(): Promise<ShownLoss>;
  /** What has outlived its time, and would be destroyed. */
  previewRetention(): Promise<DueRetention>;
  runRetention(by: OperatorId): Promise<RetentionReport>;
  /** False where there was no such value, or it was erased before. */
  erasePersonal(value: PersonalValue): Promise<boolean>;

  checkPassword(request: {
    readonly accountId: AccountId;
    readonly password: string;
  }): Promise<{ readonly allowed: boolean }>;
  /** Says nothing of whether there is such a notice (I18). */
  recordDispute(press: { readonly number: NoticeNumber }): Promise<void>;
  pageReadiness(): Promise<PageReadiness>;
  /** Answered by mail alone, after the page was. False: too many wait already. */
  askStatus(asked: { readonly address: string }): boolean;
  /** Says nothing of whether there is such a notice (I18). */
  openAppeal(typed: { readonly number: string; readonly address: string; readonly words: string }): Promise<void>;
  listAppeals(
    of: 'open' | 'decided',
    limit: number,
    after: AppealId | null,
  ): Promise<{ readonly open: number; readonly appeals: readonly Appeal[] }>;
  showAppeal(appeal: AppealId): Promise<Appeal>;
  decideAppeal(given: GivenDecision): Promise<Appeal>;
  /** Null where holders choose a new password on the service's own page. */
  readonly recovery: RecoveryPages | null;
  /** Null for every pair that is not one, whatever is wrong with it. Changes nothing. */
  checkNotice(typed: { readonly number: string; readonly address: string }): Promise<CheckedNotice | null>;
  /** Plans about which there is a statement for anyone, newest first. */
  publicStatements(limit: number): Promise<readonly PlanId[]>;
  /** Null for a plan that is not there and for one that nobody halted or took back. */
  publicStatement(plan: PlanId): Promise<WrittenStatement | null>;
}
