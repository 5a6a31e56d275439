/**
 * Every event that the ledger may hold, each with the sentence that `explain` and the statement print. A name is
 * `noun.past-verb` and, once released, forever: entries written under it are hashed and cannot be renamed.
 */
export const ledgerEvents = {
  'deployment.created': 'The deployment was made and its ledger key recorded.',
  'deployment.restored':
    'A backup was imported into an empty database; everything is halted and nothing is sent until two people have signed what may be lost.',
  'deployment.fell-behind':
    'The database was found to lack what is known outside it; nothing is sent until two people have signed the loss and it is accepted.',
  'deployment.loss-proposed':
    'What was lost of the database was put forward; nothing is sent until two people say yes to exactly this and it is accepted.',
  'deployment.loss-approved': 'A person said yes to accepting that a part of the past is lost.',
  'deployment.loss-accepted':
    'It was accepted that a part of the past is lost; whoever may have been reached in it counts as unknown and is not written to again.',
  'server.started': 'A server came up; every rollout that was running is halted until two people resume it.',
  'operator.added': 'An operator was added.',
  'operator.invited': 'A second person was invited by a one-time code; only its hash is kept.',
  'operator.proposed': 'An operator was proposed and waits for two approvals.',
  'operator.approved': 'An operator said yes to a change of who may decide.',
  'operator.suspended': 'An operator was suspended by two others.',
  'operator.role-agreed': 'Two people agreed on another role for an operator; one that gives more begins a day later.',
  'operator.role-changed': 'An operator has another role.',
  'operator.token-issued': 'A person got a new API token, of this scope and until this time.',
  'operator.token-revoked': 'An API token was revoked.',
  'operator.link-made':
    'A person got a one-time link with which they add a passkey; only the hash of its code is kept.',
  'passkey.added': 'A person added a passkey, by a one-time link or by another passkey of theirs.',
  'passkey.revoked': 'A passkey was revoked: it signs nobody in, and what it said yes to counts no more.',
  'identity.bound':
    'A person signed in with the account of their organisation for the first time; it is bound to them from then on.',
  'session.began': 'A person signed in to the console.',
  'session.ended': 'A person signed out of the console, or ended a session of theirs.',
  'source.created': 'A source of evidence was named for the first time, with its authority.',
  'evidence.import-begun': 'Reading of a list was begun.',
  'evidence.recorded': 'A part of a list was read and the evidence found in it was recorded.',
  'evidence.imported': 'A batch of evidence was imported.',
  'evidence.lines-destroyed':
    'The sealed line numbers of a batch were destroyed: every plan on it is closed, and it can be withdrawn whole or by account only.',
  'evidence.withdrawn': 'Evidence was withdrawn, with its cause.',
  'plan.drafted': 'A plan was drafted from evidence.',
  'plan.frozen': 'A plan was frozen under its digest.',
  'review.drawn': 'The targets that one person has to look at before saying yes were drawn.',
  'review.read': 'A reviewer was shown targets of a plan with their evidence.',
  'review.judged': 'A reviewer said of targets whether the plan may act on them.',
  'plan.exported': 'Somebody read the export of a plan.',
  'plan.rehearsed': 'The mails of a plan were sent to an operator.',
  'plan.closed':
    'The time of a plan is over: its key and the passwords sealed under it were destroyed, and nothing of it can be given back.',
  'plan.addresses-erased':
    'The addresses of a plan whose time is long over were erased; a salted digest of each stays, which its digest covers.',
  'plan.approved': 'A person said yes to a plan digest.',
  'rollout.started': 'A rollout started.',
  'rollout.halted': 'A rollout was halted.',
  'rollout.resume-approved': 'A person said yes to resuming a halted rollout.',
  'rollout.resumed': 'A halted or paused rollout was resumed.',
  'rollout.paused': 'A person paused a rollout: nothing more of it begins, and what was begun is finished.',
  'rollout.drained': 'A halted rollout has no send in flight any more.',
  'rollout.finished': 'A rollout finished.',
  'track.wave-opened': 'A wave was opened.',
  'track.wave-finished': 'A wave was finished: each of its people has an outcome.',
  'permit.taken': 'A worker took a permit over a range of people.',
  'permit.held': 'A range of people waits for the hours of the day in which they are told; nobody in it was tried.',
  'permit.settled': 'A permit was settled: the outcome of each person in its range is recorded.',
  'permit.recovered': 'A permit of a lost worker was settled from what could be proved.',
  'restore-point.destroyed':
    'Sealed old passwords were destroyed because their holders had newer ones, or had been given theirs back, for a week.',
  'control.counted':
    'It was counted how many of a wave had signed in again since they were contained, and how many of the control group in the same time.',
  'control.forgotten':
    'The accounts of a control group were forgotten: there is nothing left to count, or it was long ago.',
  'notice.disputed': 'A reader said that a notice is not right.',
  'notice.delivered': 'A mail server said later that a mail of which no reply was heard was delivered.',
  'notice.delayed': 'A mail server said that a mail is still on its way.',
  'notice.bounced': 'A mail that was handed over came back: it did not arrive.',
  'notice.complained': 'A mail was reported as unwanted.',
  'notice.auto-replied': 'A mail was answered by a machine.',
  'queue.halted':
    'What mail servers still hold of a finished track was halted: it is put on hold there until two people resume it.',
  'queue.held':
    'Mails of a halted track were put on hold in the queue of the mail server: they were handed over before.',
  'queue.released': 'Mails that a halt had put on hold in the queue of the mail server go out again.',
  'address.suppressed': 'An address turned out to reach nobody: ordinary notices do not go there any more.',
  'address.unsuppressed': 'A person let ordinary notices go again to an address that had failed.',
  'correction.started': 'Sending of a correction was started.',
  'retraction.frozen': 'A retraction was frozen under its digest.',
  'retraction.exported': 'Somebody read the export of a retraction.',
  'retraction.approved': 'A person said yes to a retraction digest.',
  'retraction.started': 'A retraction started.',
  'policy.changed': 'A setting that decides who is reached, and how fast, is another than when a server last started.',
  'drill.begun': 'A drill of halt and reversal began, on made-up people and a database of its own.',
  'drill.passed':
    'A drill was passed: a person halted it, two approved the retraction, and everybody in it was put right. The right to start is renewed.',
  'drill.failed': 'A drill was not passed; the right to start is not renewed.',
  'drill.override-asked': 'A person gave a reason to start a plan without a recent, passed drill.',
  'drill.override-approved': 'A person said yes to starting a plan without a recent, passed drill.',
  'drill.overridden': 'A plan was started without a recent, passed drill: two people had said yes to the reason.',
  'account.explained': 'Somebody read the whole story of one account.',
  'subject.exported': 'Somebody read everything that is held of one account.',
  'subject.erased': 'The personal values of one account were erased.',
  'recovery.asked': 'A code for a new password was asked for, and written to its account holder.',
  'recovery.code-typed': 'The code of a recovery was typed by the browser that had asked for it.',
  'recovery.revoked': 'A recovery that was waiting was stopped with the code that had been written to all addresses.',
  'recovery.done': 'A holder chose a new password with us; the old one is retired and sessions were ended.',
  'recovery.tripped':
    'Very many codes were typed wrongly in one hour: each code takes one try until there are fewer. Nobody is locked out by that.',
  'appeal.opened': 'A holder asked for a person to look at a notice again.',
  'appeal.decided':
    'A person decided an appeal. Of a suspension, granting it lets the account back in; nothing else in any account is changed by that.',
  'appeal.answered':
    'The decision of an appeal was mailed to its holder, with what came of the mail; again where the account was let back in only later.',
  'suspension.lifted': 'A suspension was lifted: its time was over, or an appeal about it was granted.',
  'ledger.anchored': 'The head of a rollout chain was recorded in the installation chain.',
  'personal.erased': 'A personal value beside the ledger was erased.',
} as const satisfies Readonly<Record<`${string}.${string}`, string>>;

export type LedgerEvent = keyof typeof ledgerEvents;

export function isLedgerEvent(text: string): text is LedgerEvent {
  return Object.hasOwn(ledgerEvents, text);
}
