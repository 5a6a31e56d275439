/**
 * Every way in which Allclear refuses or fails, by name. `src/contract/failure-table.ts` gives each code its
 * HTTP status, exit code and next step; a test holds that none is missing there.
 */
export type FailureCode =
  | 'usage'
  | 'not-found'
  | 'unauthenticated'
  | 'forbidden'
  | 'conflict'
  | 'needs-confirmation'
  | 'needs-approval'
  | 'total-mismatch'
  | 'digest-mismatch'
  | 'signature-invalid'
  | 'approval-expired'
  | 'author-cannot-approve'
  | 'already-approved'
  | 'needs-review'
  | 'review-wrong'
  | 'nothing-selected'
  | 'weak-evidence'
  | 'budget-exceeded'
  | 'guardrail-failed'
  | 'template-unfit'
  | 'code-drift'
  | 'halted'
  | 'not-drained'
  | 'not-halted'
  | 'drill-due'
  | 'environment-mismatch'
  | 'local-only'
  | 'too-many-requests'
  | 'server-busy'
  | 'precondition-failed'
  | 'key-reused'
  | 'request-running'
  | 'outcome-unknown'
  | 'import-unreadable'
  | 'key-missing'
  | 'seal-broken'
  | 'ledger-broken'
  | 'directory-unavailable'
  | 'mailer-unavailable'
  | 'database-unavailable'
  | 'database-behind'
  | 'disk-full'
  | 'backup-unreadable'
  | 'server-unavailable'
  | 'internal';

/** Facts are for people and logs: ids, counts, names of rules. Never a password, a token or an address. */
export type FailureFacts = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export class Failure extends Error {
  readonly code: FailureCode;
  readonly facts: FailureFacts;

  constructor(code: FailureCode, message: string, facts: FailureFacts = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'Failure';
    this.code = code;
    this.facts = facts;
  }
}
