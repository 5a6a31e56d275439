import { noticeNumberOf } from '../../domain/notice/notice-number.ts';
import { pairTemplateWithAction } from '../../domain/notice/pair-template-with-action.ts';
import { sampleFacts } from '../../domain/notice/sample-facts.ts';
import { templateKinds } from '../../domain/notice/template.ts';
import type { TemplateKind } from '../../domain/notice/template.ts';
import type { FrozenPlan } from '../../domain/plan/frozen-plan.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { accountId, numberOf } from '../../domain/shared/ids.ts';
import type { OperatorId, PlanId } from '../../domain/shared/ids.ts';
import { makeNoticeComposer } from '../notice/compose-notice.ts';
import type { ComposeNotice } from '../notice/compose-notice.ts';
import type { MailIdentity } from '../notice/send-permit.ts';
import type { RehearsalAddress, RehearsalTransport, SendOutcome } from '../ports/holder-transport.ts';
import type { CompileMessage } from '../ports/message-compiler.ts';
import type { Store } from '../ports/store.ts';
import type { TemplateCatalog } from '../ports/template-catalog.ts';
import { rehearsalRecipient } from './rehearsal-address.ts';

/** A number that no notice has: whoever types it reads that there is no such notice. */
const sampleNumber = noticeNumberOf(new Uint8Array(10));

export interface RehearsePlanDeps {
  readonly store: Store;
  readonly templates: TemplateCatalog;
  readonly compileMessage: CompileMessage;
  readonly transport: RehearsalTransport;
  readonly identity: MailIdentity;
  readonly now: () => Date;
}

export interface RehearsedMail {
  readonly kind: TemplateKind;
  readonly language: string;
  readonly subject: string;
  readonly outcome: SendOutcome['kind'];
}

export interface Rehearsal {
  readonly plan: PlanId;
  readonly to: OperatorId;
  readonly mails: readonly RehearsedMail[];
  readonly accepted: number;
}

/**
 * Sends each mail of a plan, in each of its languages, to one active operator: the real words, about an invented
 * person, marked by a header. No target is read, and the transport takes no holder's address.
 * `Failure('not-found' | 'forbidden' | 'template-unfit')`.
 */
export async function rehearsePlan(
  deps: RehearsePlanDeps,
  plan: PlanId,
  to: string,
  by: OperatorId,
): Promise<Rehearsal> {
  const { frozen, recipient } = await deps.store.transact(async (tx) => {
    const found = await tx.plans.read(plan);
    if (found === null) throw new Failure('not-found', `There is no ${plan}.`, { plan });
    return {
      frozen: found,
      recipient: rehearsalRecipient(await tx.operators.list(), to, await tx.approvals.now()),
    };
  });
  const pairing = pairTemplateWithAction(deps.templates.findPinned(frozen.header.templates), frozen.header.action);
  if (pairing.kind === 'refused')
    throw new Failure('template-unfit', `${plan}: ${pairing.problems.join('; ')}`, { plan });
  const compose = makeNoticeComposer(pairing.template, frozen.header.constants);
  const mails: RehearsedMail[] = [];
  for (const kind of templateKinds) {
    for (const language of Object.keys(pairing.template.mails[kind]?.languages ?? {}))
      mails.push(await sendSample(deps, compose, frozen, kind, language, recipient.address));
  }
  const accepted = mails.filter((mail) => mail.outcome === 'accepted').length;
  await deps.store.transact((tx) =>
    tx.ledger.append({
      chain: 'installation',
      event: 'plan.rehearsed',
      body: { plan, digest: frozen.digest, to: recipient.operator.operatorId, mails: mails.length, accepted, by },
    }),
  );
  return { plan, to: recipient.operator.operatorId, mails, accepted };
}

async function sendSample(
  deps: RehearsePlanDeps,
  compose: ComposeNotice,
  plan: FrozenPlan,
  kind: TemplateKind,
  language: string,
  to: RehearsalAddress,
): Promise<RehearsedMail> {
  const at = deps.now();
  // With the moment in it, a second rehearsal is not taken for the first one by a mailbox that knows its Message-ID.
  const somebody = accountId(`rehearsal ${language} ${at.toISOString()}`);
  const composed = compose(
    kind,
    sampleFacts(kind, plan.id, somebody, at, plan.header.suspension),
    {
      noticeNumber: sampleNumber,
      checkUrl: deps.identity.checkUrl(sampleNumber),
      earlierNoticeNumber: kind === 'notice' || kind === 'late' ? null : sampleNumber,
    },
    language,
  );
  if (composed.kind === 'withheld') {
    throw new Failure(
      'template-unfit',
      `The ${kind} mail of ${plan.id} cannot be rehearsed: ${[composed.reason, ...composed.unproved].join(', ')}.`,
      { plan: plan.id },
    );
  }
  const { compiled, slots } = composed;
  const message = await deps.compileMessage({
    from: deps.identity.from,
    subject: compiled.subject,
    text: compiled.text,
    html: compiled.html,
    headers: { 'X-Allclear-Rehearsal': '1', 'Feedback-ID': `${plan.id}:rehearsal:allclear` },
  });
  const content = message.build({
    to,
    messageId: deps.identity.messageId(plan.id, {
      ordinal: 0,
      accountId: somebody,
      planNo: numberOf(plan.id),
      planOrdinal: 0,
      address: to,
      language,
      evidenceNos: [],
      noticeNumber: sampleNumber,
      templateKind: kind,
      conditional: false,
    }),
    date: at,
    noticeNumber: sampleNumber,
    slots,
  });
  const outcome = await deps.transport.send({
    envelopeFrom: deps.identity.returnPath(sampleNumber),
    envelopeTo: to,
    content,
  });
  return { kind, language, subject: compiled.subject, outcome: outcome.kind };
}
