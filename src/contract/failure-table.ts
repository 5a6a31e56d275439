import type { FailureCode } from '../domain/shared/failure.ts';

/** 1 failed, 2 usage, 3 refused or needs approval, 4 halted, 5 partly done, 69 unavailable, 75 try again. Scripts branch on them. */
export type ExitCode = 1 | 2 | 3 | 4 | 5 | 69 | 75;

export type FailureStatus = 400 | 401 | 403 | 404 | 409 | 412 | 422 | 429 | 500 | 503;

export interface FailureRow {
  readonly status: FailureStatus;
  readonly exit: ExitCode;
  /** What happened, the same for every occurrence (RFC 9457, `title`). */
  readonly title: string;
  /** What to do next. A failure's own message is nearer to the case and is shown first. */
  readonly next: string;
}

/** The one place where a failure gets its HTTP status, its exit code and its advice. */
export const failureTable: Readonly<Record<FailureCode, FailureRow>> = {
  usage: {
    status: 400,
    exit: 2,
    title: 'The request cannot be understood.',
    next: 'Correct what the message names. Each command explains itself with --help.',
  },
  'not-found': {
    status: 404,
    exit: 1,
    title: 'There is no such thing.',
    next: 'Look at the id again: `allclear plan list` and `allclear evidence list` name what there is.',
  },
  unauthenticated: {
    status: 401,
    exit: 3,
    title: 'The request carries no valid token.',
    next: 'Name yourself with --as NAME, or get a new token: allclear operator token OPERATOR --key FILE',
  },
  forbidden: {
    status: 403,
    exit: 3,
    title: 'Your role, or the scope of your token, does not allow this.',
    next: 'Ask somebody whose role does (allclear operator list); for your own, get a token of a wider scope.',
  },
  conflict: {
    status: 409,
    exit: 1,
    title: 'The state of things does not allow this now.',
    next: 'Look at the present state, then decide again.',
  },
  'needs-confirmation': {
    status: 409,
    exit: 3,
    title: 'Nothing was done: this was a dry run.',
    next: 'Read what would happen, then repeat the command with --yes --total N.',
  },
  'needs-approval': {
    status: 409,
    exit: 3,
    title: 'Enough people have not said yes to exactly this.',
    next: 'Let another operator approve: allclear plan approve PLAN --digest D --total N --key FILE --yes',
  },
  'total-mismatch': {
    status: 409,
    exit: 3,
    title: 'The total that was typed is not the total that would be acted on.',
    next: 'Look at the dry run again and find out why the number differs before you type another.',
  },
  'digest-mismatch': {
    status: 409,
    exit: 3,
    title: 'What would be approved is not what was typed, or not what the server says it is.',
    next: 'Do not approve. Compare the digest with the author; export the plan and run tools/plan-digest.mjs over it.',
  },
  'signature-invalid': {
    status: 422,
    exit: 3,
    title: 'The signature does not belong to this statement and operator.',
    next: 'Sign with the key that this operator was added with, on a server of the right deployment.',
  },
  'approval-expired': {
    status: 409,
    exit: 3,
    title: 'The approval is over, or asks for longer than 24 hours.',
    next: 'Read the plan again and approve it anew.',
  },
  'author-cannot-approve': {
    status: 403,
    exit: 3,
    title: 'Whoever drew it up cannot approve it.',
    next: 'Two other people have to say yes.',
  },
  'already-approved': {
    status: 409,
    exit: 3,
    title: 'This person has said yes already.',
    next: 'The second yes has to come from another person.',
  },
  'needs-review': {
    status: 409,
    exit: 3,
    title: 'The approver has not looked at every target that was drawn for them, or could not tell.',
    next: 'Review your targets, then approve: allclear plan review PLAN --as NAME',
  },
  'review-wrong': {
    status: 409,
    exit: 3,
    title: 'A reviewer found a target that the plan must not act on. It blocks the plan for everyone.',
    next: 'Find out what else that evidence selected, withdraw it (allclear evidence withdraw BATCH), and draft a new plan.',
  },
  'nothing-selected': {
    status: 422,
    exit: 3,
    title: 'The selection is empty. No value means "all".',
    next: 'Read the reasons in the message, then name other evidence.',
  },
  'weak-evidence': {
    status: 422,
    exit: 3,
    title: 'Weak evidence never becomes mass action.',
    next: 'Use evidence that was verified against the accounts, or was observed by the service itself.',
  },
  'budget-exceeded': {
    status: 422,
    exit: 3,
    title: 'The plan would act on more people than its budget allows.',
    next: 'Check the evidence first: a large number is more often a mistake than an attack. Then: --budget attack',
  },
  'guardrail-failed': {
    status: 422,
    exit: 3,
    title: 'A guardrail refuses this.',
    next: 'Mend what the message names. A guardrail that cannot tell holds as well.',
  },
  'template-unfit': {
    status: 422,
    exit: 3,
    title: 'The notice does not fit what would be done, or its text has changed.',
    next: 'Choose a notice that describes the action, or mend the template in a new version.',
  },
  'code-drift': {
    status: 409,
    exit: 3,
    title: 'This is another version of Allclear than the one that was approved.',
    next: 'Run the approved version, or draft and approve the plan anew. Halt, restore and corrections work meanwhile.',
  },
  halted: {
    status: 409,
    exit: 4,
    title: 'It is halted.',
    next: 'See why: allclear rollout status PLAN. Nothing resumes by itself: allclear rollout resume PLAN',
  },
  'not-drained': {
    status: 409,
    exit: 75,
    title: 'It is halted, and what was in flight is not yet settled.',
    next: 'Try again in some seconds.',
  },
  'not-halted': {
    status: 409,
    exit: 1,
    title: 'It is not halted.',
    next: 'Halt it first, if that is what you want: allclear halt PLAN',
  },
  'drill-due': {
    status: 409,
    exit: 3,
    title: 'No rollout may be started without a recent, passed drill of halt and reversal.',
    next: 'Pass one: allclear drill begin --yes. In a live attack two people may start one plan without: allclear drill override PLAN --reason TEXT',
  },
  'environment-mismatch': {
    status: 409,
    exit: 3,
    title: 'Things of different environments or deployments never work together.',
    next: 'Compare ALLCLEAR_ENVIRONMENT, the directory and the mailer: all three name one environment.',
  },
  'local-only': {
    status: 403,
    exit: 3,
    title: "This is done on the server's own machine only.",
    next: 'Sign in to that machine and run the command there.',
  },
  'too-many-requests': {
    status: 429,
    exit: 75,
    title: 'Too many requests.',
    next: 'Wait as long as Retry-After says, then try again.',
  },
  'server-busy': {
    status: 503,
    exit: 75,
    title: 'The server serves as many of these at once as it can.',
    next: 'Wait as long as Retry-After says, then try again. Halting is not bounded by this: allclear halt',
  },
  'precondition-failed': {
    status: 412,
    exit: 3,
    title: 'It is no longer as you saw it. Nothing was done.',
    next: 'Look at it again, then decide on what it is now.',
  },
  'key-reused': {
    status: 422,
    exit: 1,
    title: 'This Idempotency-Key was used for another request. Nothing was done.',
    next: 'Take a new key for each request; repeat one only with the very same request.',
  },
  'request-running': {
    status: 409,
    exit: 75,
    title: 'The first request with this Idempotency-Key is still at work.',
    next: 'Wait as long as Retry-After says, then repeat it with the same key: it gets the answer of the first.',
  },
  'outcome-unknown': {
    status: 409,
    exit: 1,
    title: 'Whether the first request with this Idempotency-Key was done is not known. This one did nothing.',
    next: 'Look at what is there now. If it was not done, ask again with a new key.',
  },
  'import-unreadable': {
    status: 422,
    exit: 1,
    title: 'The list cannot be read.',
    next: 'Look at the beginning of the file, then import it again; an interrupted import goes on where it stood.',
  },
  'key-missing': {
    status: 503,
    exit: 1,
    title: 'A key is not there, or it cannot be opened.',
    next: 'Put back the key file that the message names, with mode 0600. Without it nothing can be signed or restored.',
  },
  'seal-broken': {
    status: 500,
    exit: 1,
    title: 'A sealed hash does not open. Nothing was given back from it.',
    next: 'Check that ALLCLEAR_SEAL_KEY_FILE is the key of this deployment; then run: allclear ledger verify',
  },
  'ledger-broken': {
    status: 500,
    exit: 1,
    title: 'The ledger is not whole.',
    next: 'Halt everything (allclear halt), keep the database as it is, and compare it with the checkpoints.',
  },
  'directory-unavailable': {
    status: 503,
    exit: 75,
    title: 'The directory of accounts does not answer.',
    next: 'Nothing is acted on meanwhile. Try again when the directory is back.',
  },
  'mailer-unavailable': {
    status: 503,
    exit: 75,
    title: 'The mailer does not answer.',
    next: 'Nothing is sent meanwhile. Try again when the mailer is back.',
  },
  'database-unavailable': {
    status: 503,
    exit: 69,
    title: 'The database of Allclear does not answer.',
    next: 'Start it, or correct DATABASE_URL. To stop sending at once, put a file named HALT into the state folder.',
  },
  'database-behind': {
    status: 503,
    exit: 4,
    title: 'This database may be older than the world: nothing is sent or acted on.',
    next: "Look at what may be lost, on the server's own machine: allclear ledger accept-restored. See docs/runbooks/restored-backup.md.",
  },
  'disk-full': {
    status: 503,
    exit: 75,
    title: 'A disk is full, or nearly so. Nothing new is taken in; halt works.',
    next: 'Make room, then see that all is well: allclear doctor. See docs/runbooks/operate.md.',
  },
  'backup-unreadable': {
    status: 422,
    exit: 1,
    title: 'The backup is not whole, or its passphrase is another. Nothing was taken from it.',
    next: 'Look at another copy of it: allclear import --check FILE',
  },
  'server-unavailable': {
    status: 503,
    exit: 69,
    title: 'The server of Allclear does not answer.',
    next: 'Start it with: npm start. To halt without it: allclear halt --direct',
  },
  internal: {
    status: 500,
    exit: 1,
    title: 'Allclear failed where it should not have.',
    next: 'Nothing was done that the ledger does not name. The request id finds the cause in the log of the server.',
  },
};
