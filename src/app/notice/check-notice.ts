import { deliveryStateOf } from '../../domain/notice/delivery-state.ts';
import { templateKinds } from '../../domain/notice/template.ts';
import type { TemplateKind } from '../../domain/notice/template.ts';
import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import { standingOf } from '../../domain/retraction/notice-standing.ts';
import type { NoticeStanding } from '../../domain/retraction/notice-standing.ts';
import { terminalStateOf } from '../../domain/retraction/terminal-state.ts';
import type { TerminalState } from '../../domain/retraction/terminal-state.ts';
import { restoreStateOf } from '../../domain/action/restore-outcome.ts';
import { assertNever } from '../../domain/shared/assert-never.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { numberOf } from '../../domain/shared/ids.ts';
import type { NoticeNumber, PlanId } from '../../domain/shared/ids.ts';
import type { Track } from '../../domain/shared/track.ts';
import { restartHalter } from '../rollout/halt-after-restart.ts';
import type { Digests } from '../ports/digests.ts';
import type { MailMember } from '../ports/rollout-store.ts';
import type { Store, Tx } from '../ports/store.ts';
import type { TemplateCatalog } from '../ports/template-catalog.ts';
import { chooseLanguage } from './choose-language.ts';
import { subjectOf } from './compile-notice.ts';
import { findToldPerson } from './find-told-person.ts';
import { readDelivery } from './read-delivery.ts';

export interface CheckNoticeDeps {
  readonly store: Store;
  readonly digests: Pick<Digests, 'sha256'>;
  readonly templates: TemplateCatalog;
  /** The one link of a mail, as the mailer writes it. */
  readonly checkUrl: (number: NoticeNumber) => string;
}

/** What is known of a suspension. `elsewise`: ours does not stand, and whether another does is for the service to say. */
export interface CheckedSuspension {
  readonly is: 'suspended' | 'reinstated' | 'lapsed' | 'elsewise';
  /** When it ends by itself; null once it has ended. */
  readonly lapsesAt: Date | null;
}

/** A mail that we sent to the address that was typed, and what is known now about what it said. */
export interface CheckedNotice {
  readonly number: NoticeNumber;
  /** False: no reply of the mail server was heard, or the mail is under way at this moment. */
  readonly isSureSent: boolean;
  /** When its outcome was recorded; null while it is under way. */
  readonly at: Date | null;
  /** Null where the template that it was made of is no longer here. */
  readonly subject: string | null;
  readonly link: string;
  readonly standing: NoticeStanding;
  /** Null where the notice is about no suspension, or the account was never suspended. */
  readonly suspension: CheckedSuspension | null;
  /** A later letter about the same notice, with which this one is superseded. */
  readonly later: { readonly subject: string | null; readonly at: Date | null } | null;
}

/** Later letters of one plan come in this order; a mail of a higher rank supersedes those below. */
const rankOf: Readonly<Record<TemplateKind, number>> = { notice: 0, late: 0, holding: 1, final: 2, confirmed: 2 };

/**
 * The mail behind a number, for whoever also knows the address that it went to. Null for every other pair, whatever is
 * wrong with it (I18). Changes nothing. What it tells is read from the outcome vectors without walking the ledger, which
 * would cost strangers' requests seconds; `explain` verifies.
 */
export async function checkNotice(
  deps: CheckNoticeDeps,
  typed: { readonly number: string; readonly address: string },
): Promise<CheckedNotice | null> {
  return deps.store.transact(async (tx) => {
    const told = await findToldPerson(deps, tx, typed);
    if (told === null) return null;
    const { number, found, member, plan } = told;
    const delivery = await readDelivery(tx, found.rolloutNo, found.track, found.ordinal);
    if (delivery === null) return null;
    const suspension = await readSuspension(tx, plan, member);
    return {
      number,
      ...delivery,
      subject: subjectOfMail(deps.templates, plan, member),
      link: deps.checkUrl(number),
      standing:
        suspension?.is === 'reinstated'
          ? { kind: 'wrong', undone: 'password-given-back' }
          : await readStanding(tx, plan, member),
      suspension,
      later: await laterLetter(deps, tx, plan, member),
    };
  });
}

function subjectOfMail(templates: TemplateCatalog, plan: FrozenPlan, member: MailMember): string | null {
  const mail = pinnedMail(templates, plan, member.templateKind);
  if (mail === null) return null;
  const { language } = chooseLanguage(member.language, Object.keys(mail.languages));
  const words = mail.languages[language];
  return words === undefined ? null : subjectOf(words.subject, plan.header.constants);
}

function pinnedMail(templates: TemplateCatalog, plan: FrozenPlan, kind: string) {
  try {
    return templates.findPinned(plan.header.templates).mails[kind as TemplateKind] ?? null;
  } catch (error) {
    // A later version of ours may not have the words any more; then the page says less, and is still true.
    if (error instanceof Failure && error.code === 'template-unfit') return null;
    throw error;
  }
}

async function readSuspension(tx: Tx, plan: FrozenPlan, member: MailMember): Promise<CheckedSuspension | null> {
  if (plan.header.action !== 'suspend') return null;
  const found = (await tx.suspensions.ofPlan(plan.id, plan.header.directory, [member.accountId])).get(member.accountId);
  if (found === undefined || found.suspendedAt === null) return null;
  switch (found.state) {
    case 'marked':
    case 'open':
      return { is: 'suspended', lapsesAt: found.lapsesAt };
    case 'reinstated':
    case 'lapsed':
      return { is: found.state, lapsesAt: null };
    case 'retired':
      return { is: 'elsewise', lapsesAt: null };
    default:
      return assertNever(found.state);
  }
}

async function readStanding(tx: Tx, plan: FrozenPlan, member: MailMember): Promise<NoticeStanding> {
  const rollout = await tx.rollouts.find('plan', numberOf(plan.id));
  const tracks = rollout === null ? [] : await tx.rollouts.tracks(rollout.no);
  const letters = (await tx.rollouts.lettersOf(member.accountId)).filter((letter) => letter.planNo === member.planNo);
  const evidence = (await tx.evidence.allEvidence([member.accountId])).get(member.accountId) ?? [];
  return standingOf({
    retracted: await readRetracted(tx, plan.id, member),
    isHalted: tracks.some((track) => track.phase === 'halted' && track.haltedBy !== restartHalter),
    isUnderHolding: letters.some((letter) => letter.templateKind === 'holding'),
    hasLiveEvidence: evidence.some((item) => item.state === 'live' && member.evidenceNos.includes(item.evidenceNo)),
  });
}

async function readRetracted(tx: Tx, plan: PlanId, member: MailMember): Promise<readonly TerminalState[]> {
  const states: TerminalState[] = [];
  for (const line of await tx.retractions.targetsOf(plan, member.accountId)) {
    const rollout = await tx.rollouts.find('retraction', numberOf(line.retraction));
    if (rollout === null) continue;
    const restored = await byteAt(tx, rollout.no, 'restore', line.restoreOrdinal);
    const delivered = await byteAt(tx, rollout.no, 'correct', line.correctOrdinal);
    states.push(
      terminalStateOf({
        decision: line.decision,
        restored: restored === null ? null : restoreStateOf(restored),
        letter: line.letter,
        delivered: delivered === null ? null : deliveryStateOf(delivered),
      }),
    );
  }
  return states.toReversed();
}

async function byteAt(tx: Tx, rolloutNo: number, track: Track, ordinal: number | null): Promise<number | null> {
  const permit = ordinal === null ? null : await tx.rollouts.permitAt(rolloutNo, track, ordinal);
  return permit === null || ordinal === null ? null : (permit.outcome[ordinal - permit.fromOrdinal] ?? null);
}

/** The last letter of the same plan to the same person that was or may have been sent after this one. */
async function laterLetter(
  { templates }: CheckNoticeDeps,
  tx: Tx,
  plan: FrozenPlan,
  member: MailMember,
): Promise<CheckedNotice['later']> {
  const own = rank(member.templateKind);
  const letters = (await tx.rollouts.lettersOf(member.accountId))
    .filter((letter) => letter.planNo === member.planNo && rank(letter.templateKind) > own)
    .toSorted((left, right) => rank(right.templateKind) - rank(left.templateKind));
  for (const letter of letters) {
    const delivery = await readDelivery(tx, letter.rolloutNo, letter.track, letter.ordinal);
    if (delivery !== null) return { subject: subjectOfMail(templates, plan, letter), at: delivery.at };
  }
  return null;
}

function rank(kind: string): number {
  const known = templateKinds.find((one) => one === kind);
  return known === undefined ? 0 : rankOf[known];
}
