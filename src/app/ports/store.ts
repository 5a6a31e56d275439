import type { AppealStore } from './appeal-store.ts';
import type { ApprovalStore } from './approval-store.ts';
import type { BulletinStore } from './bulletin-store.ts';
import type { ControlStore } from './control-store.ts';
import type { DeploymentStore } from './deployment-store.ts';
import type { DrillStore } from './drill-store.ts';
import type { EvidenceStore } from './evidence-store.ts';
import type { InvitationStore } from './invitation-store.ts';
import type { FeedbackStore } from './feedback-store.ts';
import type { LedgerStore } from './ledger-store.ts';
import type { LossStore } from './loss-store.ts';
import type { MailQueueStore } from './mail-queue-store.ts';
import type { OperationStore } from './operation-store.ts';
import type { OperatorStore } from './operator-store.ts';
import type { PasskeyStore } from './passkey-store.ts';
import type { PauseStore } from './pause-store.ts';
import type { PlanStore } from './plan-store.ts';
import type { RecoveryStore } from './recovery-store.ts';
import type { RequestKeyStore } from './request-key-store.ts';
import type { RestorePointStore } from './restore-point-store.ts';
import type { RetentionStore } from './retention-store.ts';
import type { RetractionStore } from './retraction-store.ts';
import type { ReviewStore } from './review-store.ts';
import type { RolloutStore } from './rollout-store.ts';
import type { SessionStore } from './session-store.ts';
import type { SubjectStore } from './subject-store.ts';
import type { StandingStore } from './standing-store.ts';
import type { SuspensionStore } from './suspension-store.ts';

/** One transaction over all of our own state, so that a change and its ledger entry commit together (I20). */
export interface Tx {
  readonly ledger: LedgerStore;
  readonly deployment: DeploymentStore;
  readonly operators: OperatorStore;
  readonly invitations: InvitationStore;
  readonly passkeys: PasskeyStore;
  readonly sessions: SessionStore;
  readonly evidence: EvidenceStore;
  readonly plans: PlanStore;
  readonly controls: ControlStore;
  readonly approvals: ApprovalStore;
  readonly reviews: ReviewStore;
  readonly rollouts: RolloutStore;
  readonly pauses: PauseStore;
  readonly feedback: FeedbackStore;
  readonly mailQueue: MailQueueStore;
  readonly restorePoints: RestorePointStore;
  readonly retractions: RetractionStore;
  readonly retention: RetentionStore;
  readonly operation: OperationStore;
  readonly subjects: SubjectStore;
  readonly requestKeys: RequestKeyStore;
  readonly standing: StandingStore;
  readonly losses: LossStore;
  readonly drills: DrillStore;
  readonly bulletins: BulletinStore;
  readonly recoveries: RecoveryStore;
  readonly appeals: AppealStore;
  readonly suspensions: SuspensionStore;
}

export interface Store {
  /** Runs `work` in one READ COMMITTED transaction. Never call a directory or a mailer inside: claim, commit, call, record. */
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}
