import { isSuppressing, refusalClassOf } from '../../domain/notice/bounce-class.ts';
import type { BounceClass } from '../../domain/notice/bounce-class.ts';
import type { MailLook } from '../../domain/guardrail/judge-content.ts';
import { pairTemplateWithAction } from '../../domain/notice/pair-template-with-action.ts';
import { deliveryByte } from '../../domain/notice/delivery-state.ts';
import type { DeliveryState } from '../../domain/notice/delivery-state.ts';
import type { PersonFacts } from '../../domain/notice/person-facts.ts';
import type { TemplateKind } from '../../domain/notice/template.ts';
import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { NoticeNumber, PlanId } from '../../domain/shared/ids.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { Permit } from '../../domain/rollout/permit.ts';
import type { Directory } from '../ports/directory.ts';
import type { DotLog, PermitDots } from '../ports/dot-log.ts';
import type { HolderAddress, HolderTransport, SendOutcome } from '../ports/holder-transport.ts';
import type { CompiledMessage, CompileMessage, NoticeHeader } from '../ports/message-compiler.ts';
import type { InspectMail } from '../ports/mail-inspector.ts';
import type { NoticeNumbers } from '../ports/notice-numbers.ts';
import type { MailMember, OutcomeNote } from '../ports/rollout-store.ts';
import type { Store, Tx } from '../ports/store.ts';
import type { TemplateCatalog } from '../ports/template-catalog.ts';
import type { MayAct } from '../rollout/act-on-members.ts';
import type { PermitFindings } from '../rollout/settle-permit.ts';
import type { TakenPermit } from '../rollout/take-permit.ts';
import { claimedByte } from '../rollout/track-outcomes.ts';
import type { CompiledNotice } from './compile-notice.ts';
import { makeNoticeComposer } from './compose-notice.ts';
import type { ComposeNotice, ComposedNotice } from './compose-notice.ts';
import { isHeld } from './mail-pauses.ts';
import type { MailPauses } from './mail-pauses.ts';
import type { MailRateLeases } from './mail-rates.ts';
import { sendAtRate } from './send-at-rate.ts';
import { addressOfRecord, gatherFacts } from './gather-facts.ts';
import type { DeadAddress } from './suppress-address.ts';

/** Mails of one permit under way at a time: what a halt finds in flight. */
const parallelMails = 4;
/** A range is not taken again sooner for the sake of one domain while others of it still wait: each taking is a transaction. */
const leastWaitSeconds = 15;
/** Plans whose composed words are kept; more than a few never run at once. */
const composersKept = 8;

export interface MailIdentity {
  readonly from: { readonly name: string; readonly address: string };
  /** Headers that name the notice to a mail provider, besides our own. */
  readonly noticeHeaders: readonly NoticeHeader[];
  /** RFC 5321 reverse-path for one notice. */
  returnPath(noticeNumber: string): string;
  /** With its angle brackets; the same facts give the same id. */
  messageId(plan: PlanId, member: MailMember): string;
  /** The public page about a notice: own domain, no secret in it. */
  checkUrl(noticeNumber: string): string;
}

export interface SendPermitDeps {
  readonly store: Store;
  readonly directory: Directory;
  readonly transport: HolderTransport;
  readonly templates: TemplateCatalog;
  readonly compileMessage: CompileMessage;
  readonly inspectMail: InspectMail;
  readonly noticeNumbers: NoticeNumbers;
  readonly dotLog: DotLog;
  readonly identity: MailIdentity;
  /** Names an address without telling it. */
  readonly addressKey: (address: string) => string;
  readonly now: () => Date;
  readonly mailPauses: MailPauses;
  readonly mailRates: MailRateLeases;
}

/** Sends the mails of permits: claims proved, words composed, message built, and the last look just before each dot. */
export function makePermitSender(
  deps: SendPermitDeps,
): (plan: FrozenPlan, taken: TakenPermit, mayAct: MayAct) => Promise<PermitFindings> {
  const composers = new Map<string, ComposeNotice>();
  const compiled = new WeakMap<object, Promise<CompiledMessage>>();
  const literals = new WeakMap<CompiledNotice, readonly string[]>();

  function composerOf(plan: FrozenPlan): ComposeNotice {
    const known = composers.get(plan.digest);
    if (known !== undefined) return known;
    if (composers.size >= composersKept) composers.clear();
    const pairing = pairTemplateWithAction(deps.templates.findPinned(plan.header.templates), plan.header.action);
    if (pairing.kind === 'refused')
      throw new Failure('template-unfit', `${plan.id}: ${pairing.problems.join('; ')}`, { plan: plan.id });
    const composer = makeNoticeComposer(pairing.template, plan.header.constants);
    composers.set(plan.digest, composer);
    return composer;
  }

  /** The finished bytes against what may stand in them: this member's own address, the service's, and the words approved. */
  function lookAt(content: Uint8Array, messageId: string, member: MailMember, composed: Composed): MailLook {
    const { language } = composed.compiled;
    const own = [deps.identity.from.address, messageId];
    return {
      variant: [member.templateKind, language, ...composed.claims.map((claim) => claim.name)].join(' '),
      ...deps.inspectMail(content, member.address ?? '', own, literalsOf(composed.compiled)),
    };
  }

  /** The same list for everyone with the same words. */
  function literalsOf(notice: CompiledNotice): readonly string[] {
    const known = literals.get(notice);
    if (known !== undefined) return known;
    const found = [...notice.text, ...notice.html].filter((piece) => typeof piece === 'string');
    literals.set(notice, found);
    return found;
  }

  async function messageOf(
    plan: FrozenPlan,
    messageId: string,
    member: MailMember,
    composed: Composed,
  ): Promise<Uint8Array> {
    const notice = composed.compiled;
    let message = compiled.get(notice);
    if (message === undefined) {
      message = deps.compileMessage({
        from: deps.identity.from,
        subject: notice.subject,
        text: notice.text,
        html: notice.html,
        noticeHeaders: deps.identity.noticeHeaders,
        headers: { 'Feedback-ID': `${plan.id}:${member.templateKind}:allclear` },
      });
      compiled.set(notice, message);
    }
    return (await message).build({
      to: member.address ?? '',
      messageId,
      date: deps.now(),
      noticeNumber: member.noticeNumber,
      slots: composed.slots,
    });
  }

  async function sendOne(
    plan: FrozenPlan,
    member: MailMember,
    facts: PersonFacts | undefined,
    toldBy: 'notice' | 'late',
    retrySeconds: number,
    track: Track,
    mayAct: MayAct,
    mayWriteDot: () => boolean,
    looks: MailLook[],
  ): Promise<SentMember> {
    if (member.address === null) return { state: 'withheld', note: 'no address of this person is kept' };
    if (facts === undefined) return { state: 'withheld', note: 'no facts about this person could be read' };
    const composed = composerOf(plan)(
      member.templateKind as TemplateKind,
      facts,
      personOf(plan.id, member, toldBy),
      member.language,
    );
    // The directory is away, not the person: nobody is given up for that.
    if (composed.kind === 'withheld' && composed.reason === 'address-unread')
      return { state: 'released', note: 'the directory did not say where its holders are now', peerAway: true };
    if (composed.kind === 'withheld')
      return { state: 'withheld', note: [composed.reason, ...composed.unproved].join(' ') };
    const messageId = deps.identity.messageId(plan.id, member);
    const content = await messageOf(plan, messageId, member, composed);
    const look = lookAt(content, messageId, member, composed);
    looks.push(look);
    // Not sent, and not given up: the content gate halts, and whoever is left untold is told once the fault is mended.
    if (look.holdsForeignAddress) return { state: 'released', note: 'the mail held an address of somebody else' };
    const message = {
      envelopeFrom: deps.identity.returnPath(member.noticeNumber),
      envelopeTo: member.address as HolderAddress,
      content,
    };
    const outcome = await sendAtRate(deps, message, track, mayAct, mayWriteDot);
    if (outcome.kind === 'waits')
      return { state: 'released', note: null, waitSeconds: outcome.seconds, heldByRate: true };
    const waitSeconds = deps.mailPauses.learn(member.address, outcome, retrySeconds);
    return { ...fromOutcome(outcome), waitSeconds };
  }

  function personOf(plan: PlanId, member: MailMember, toldBy: 'notice' | 'late'): Parameters<ComposeNotice>[2] {
    const isFirstNotice = member.templateKind === 'notice' || member.templateKind === 'late';
    return {
      noticeNumber: member.noticeNumber as NoticeNumber,
      checkUrl: deps.identity.checkUrl(member.noticeNumber),
      earlierNoticeNumber: isFirstNotice ? null : deps.noticeNumbers(plan, member.accountId, toldBy),
    };
  }

  /** Members whose address is known to reach nobody. A correction is never silenced: none of its readers is among them. */
  async function suppressedOf(tx: Tx, members: readonly MailMember[]): Promise<ReadonlySet<number>> {
    const keys = new Map<number, string>();
    for (const { ordinal, address, templateKind } of members)
      if (address !== null && isOrdinary(templateKind)) keys.set(ordinal, deps.addressKey(address));
    const known = await tx.feedback.suppressedAmong([...keys.values()]);
    return new Set([...keys].filter(([, key]) => known.has(key)).map(([ordinal]) => ordinal));
  }

  return async (plan, taken, look) => {
    const { permit } = taken;
    /**
     * Each dot has a look of its own. Before a mail is begun the newest of these will do: a look costs as much as the building of
     * a mail, and what is begun after a halt stops at its dot.
     */
    let mayGoOn = true;
    const mayAct = (): boolean => mayGoOn;
    const lookNow = (): boolean => (mayGoOn &&= look());
    const { open, facts, toldLate, suppressed } = await deps.store.transact(async (tx) => {
      const { rolloutNo, track, fromOrdinal, size } = permit;
      const members = await tx.rollouts.mailMembers(rolloutNo, track, fromOrdinal, size);
      const claimed = members.filter((member) => permit.outcome[member.ordinal - fromOrdinal] === claimedByte);
      const known = await gatherFacts(tx, deps.directory.name, plan, claimed);
      return { ...known, open: claimed, suppressed: await suppressedOf(tx, claimed) };
    });
    const accounts = await deps.directory.readAccounts(open.map((member) => member.accountId)).catch(() => null);
    /** The newest of all: nothing is waited for between it and the first mail. */
    const factsOf = (member: MailMember): PersonFacts | undefined => {
      const stored = facts.get(member.accountId);
      return stored === undefined ? undefined : { ...stored, addressOfRecord: addressOfRecord(accounts, member) };
    };
    const dead: DeadAddress[] = [];
    const outcome = Uint8Array.from(permit.outcome);
    const notes: OutcomeNote[] = [];
    const looks: MailLook[] = [];
    let peerAway = false;
    /** Of those who were tried: they must not be tried sooner. The others only need not be. */
    let restSeconds = 0;
    const waits: number[] = [];
    let isCutShort = false;
    let heldByRate = false;
    const dots = beginDots(deps.dotLog, permit);
    // Without a place for the intents nothing is sent: all of it goes back, and is tried again later.
    if (dots === null) return { outcome, notes, peerAway: true };
    try {
      // Also for those of whom no dot is asked.
      lookNow();
      const isLate = (member: MailMember): boolean => deps.mailRates.wouldWait(member.address ?? '', permit.track);
      await inParallel(open, parallelMails, isLate, async (member) => {
        if (peerAway || deps.mailPauses.heldBy() !== null) return;
        if (!mayAct()) isCutShort = true;
        if (isCutShort) return;
        const index = member.ordinal - permit.fromOrdinal;
        const isToldLate = toldLate.has(member.accountId);
        const pausedSeconds = deps.mailPauses.secondsUntil(member.address ?? '', permit.track);
        if (pausedSeconds > 0) {
          // Not tried, so not counted as one of its tries: it stays claimed, and settling releases it.
          waits.push(pausedSeconds);
          return;
        }
        const mayWriteDot = (): boolean => lookNow() && dots.intend(index);
        const sent =
          permit.track === 'tell' && isToldLate
            ? toldLateAlready
            : suppressed.has(member.ordinal)
              ? reachesNobody
              : await sendOne(
                  plan,
                  member,
                  factsOf(member),
                  isToldLate ? 'late' : 'notice',
                  taken.limits.retrySeconds,
                  permit.track,
                  lookNow,
                  mayWriteDot,
                  looks,
                );
        if (sent.state === 'released') peerAway ||= sent.peerAway === true;
        else dots.settle(index, deliveryByte(sent.state));
        if (sent.heldByRate === true) waits.push(sent.waitSeconds ?? 0);
        else restSeconds = Math.max(restSeconds, sent.waitSeconds ?? 0);
        heldByRate ||= sent.heldByRate === true;
        outcome[index] = deliveryByte(sent.state);
        if (sent.class !== undefined && isSuppressing(sent.class) && member.address !== null)
          dead.push(deadAddress(deps.addressKey(member.address), member, sent.status ?? null));
        if (sent.note !== null)
          notes.push({
            ordinal: member.ordinal,
            attempt: permit.attempt,
            state: sent.state,
            note: sent.note,
            ...(sent.class === undefined ? {} : { class: sent.class }),
          });
      });
    } finally {
      dots.close();
    }
    const waitSeconds = Math.max(restSeconds, isCutShort ? 0 : soonestOf(waits));
    return { outcome, notes, peerAway, waitSeconds, heldByRate, mails: looks, dead };
  };
}

/** When the range is worth taking again: one domain that has to wait for hours keeps no other one waiting. */
function soonestOf(waits: readonly number[]): number {
  return waits.length === 0 ? 0 : Math.max(Math.min(...waits), Math.min(leastWaitSeconds, Math.max(...waits)));
}

/** Null where this host's disk takes no file: proved unsent. */
function beginDots(dotLog: DotLog, permit: Permit): PermitDots | null {
  try {
    return dotLog.begin(permit);
  } catch (error) {
    if (error instanceof Failure) throw error;
    return null;
  }
}

type Composed = ComposedNotice & { readonly kind: 'composed' };

interface SentMember {
  readonly state: DeliveryState;
  readonly note: string | null;
  /** Of a refusal: what it was about. */
  readonly class?: BounceClass;
  /** RFC 3463, of a refusal that gave one. */
  readonly status?: string | null;
  readonly peerAway?: boolean;
  /** The other side wants to be left alone for this long, or its rate has no room. */
  readonly waitSeconds?: number;
  readonly heldByRate?: boolean;
}

/** Not sent, and so told nothing: contained and untold, to be reached another way. */
const reachesNobody: SentMember = { state: 'suppressed', note: 'mail to this address came back before' };

function isOrdinary(templateKind: string): boolean {
  return templateKind === 'notice' || templateKind === 'late';
}

function deadAddress(addressKey: string, { noticeNumber, ordinal }: MailMember, status: string | null): DeadAddress {
  return { addressKey, reason: 'refused', status, noticeNumber, ordinal };
}

const toldLateAlready: SentMember = { state: 'withheld', note: 'told by the late notice' };

function fromOutcome(outcome: SendOutcome): SentMember {
  switch (outcome.kind) {
    case 'accepted':
      return { state: 'accepted', note: null };
    case 'refused':
      if (isHeld(outcome)) return { state: 'deferred', note: noteOf(outcome), class: 'policy' };
      return {
        state: 'refused',
        note: noteOf(outcome),
        class: refusalClass(outcome),
        status: outcome.enhanced ?? null,
      };
    case 'deferred':
      return { state: 'deferred', note: noteOf(outcome) };
    case 'unknown':
      return { state: 'unknown', note: outcome.why };
    case 'released':
      return { state: 'released', note: `${outcome.phase}: ${outcome.why}`, peerAway: outcome.phase !== 'data' };
  }
}

type Answered = Extract<SendOutcome, { readonly kind: 'refused' | 'deferred' }>;

/** A server's own words are not kept: they may name a person. What we refused ourselves says why. */
function noteOf({ code, enhanced, phase, reply }: Answered): string {
  const status = enhanced === undefined ? `${code}` : `${code} ${enhanced}`;
  const isOurs = phase === 'connecting' || phase === 'greeted';
  return isOurs && reply.startsWith('not sent: ') ? `${status}, ${reply}` : `${status} at ${phase}`;
}

/** `envelope` is the answer to the one recipient: the sender is refused as a whole, not per person. */
function refusalClass({ code, enhanced, phase }: Answered): BounceClass {
  return refusalClassOf(code, enhanced ?? null, phase === 'envelope');
}

/** Whoever would stand and wait goes to the back, once for each turn that the others have: then there is nobody else to go first. */
function* inTurn<T>(left: T[], isLate: (item: T) => boolean): Generator<T> {
  for (let putBack = 0; left.length > 0;) {
    const item = left.shift() as T;
    if (putBack < left.length && isLate(item)) {
      left.push(item);
      putBack += 1;
    } else {
      putBack = 0;
      yield item;
    }
  }
}

/** At most `width` at a time; the first failure is thrown once all that run have ended. */
async function inParallel<T>(
  items: readonly T[],
  width: number,
  isLate: (item: T) => boolean,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = inTurn([...items], isLate);
  const runners = Array.from({ length: Math.min(width, items.length) }, async () => {
    for (const item of queue) await work(item);
  });
  const failed = (await Promise.allSettled(runners)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
