import { noticeNumberOf } from '../../domain/notice/notice-number.ts';
import { pairTemplateWithAction } from '../../domain/notice/pair-template-with-action.ts';
import type { EvidenceFact, PersonFacts } from '../../domain/notice/person-facts.ts';
import { sampleFacts } from '../../domain/notice/sample-facts.ts';
import { templateKinds } from '../../domain/notice/template.ts';
import type { TemplateKind } from '../../domain/notice/template.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { accountId } from '../../domain/shared/ids.ts';
import type { AccountId, NoticeNumber, PlanId } from '../../domain/shared/ids.ts';
import type { TemplateText } from '../ports/message-compiler.ts';
import type { StoredTarget } from '../ports/plan-store.ts';
import type { Store, Tx } from '../ports/store.ts';
import type { TemplateCatalog } from '../ports/template-catalog.ts';
import { chooseLanguage } from './choose-language.ts';
import { makeNoticeComposer } from './compose-notice.ts';
import type { ComposeNotice } from './compose-notice.ts';

/** Targets are looked through for somebody of each language and reason; their order was nobody's choice. */
const targetsPerLook = 1_000;
const looksAtMost = 5;
/** Four languages with three reasons each; nobody reads more than this before saying yes. */
const peopleAtMost = 12;

/** A number that no notice has: what a preview shows is the number of no mail. */
const sampleNumber = noticeNumberOf(new Uint8Array(10));

export interface PreviewNoticesDeps {
  readonly store: Store;
  readonly templates: TemplateCatalog;
  readonly checkUrl: (number: NoticeNumber) => string;
}

export interface PreviewedMail {
  readonly kind: TemplateKind;
  readonly subject: string;
  readonly text: string;
}

export interface PreviewedPerson {
  readonly language: string;
  /** Null: nobody of those who were looked at reads this language, and the words are about an invented person. */
  readonly accountId: AccountId | null;
  readonly ordinal: number | null;
  readonly reason: string | null;
  /** The notice first, then the letters that would follow it. */
  readonly mails: readonly PreviewedMail[];
  /** Mails that would not go out, since a claim in them has no proof about this person. */
  readonly withheld: readonly { readonly kind: TemplateKind; readonly unproved: readonly string[] }[];
}

export interface NoticePreviews {
  readonly plan: PlanId;
  readonly people: readonly PreviewedPerson[];
}

/**
 * What people of the plan would read: for each language and each reason the first target in the plan's order, with the
 * evidence that there is about that very person, as if it were done now; beside it every letter that could follow.
 * Nothing is sent, and no address is in it. `Failure('not-found' | 'template-unfit')`.
 */
export async function previewNotices(deps: PreviewNoticesDeps, plan: PlanId): Promise<NoticePreviews> {
  const { frozen, chosen, evidence, now } = await deps.store.transact(async (tx) => {
    const found = await tx.plans.read(plan);
    if (found === null) throw new Failure('not-found', `There is no ${plan}.`, { plan });
    const targets = await choosePeople(tx, plan, languagesOf(found.header.templates));
    const all = await tx.evidence.allEvidence(targets.map(({ target }) => accountId(target.accountId)));
    return { frozen: found, chosen: targets, evidence: all, now: await tx.rollouts.now() };
  });
  const pairing = pairTemplateWithAction(deps.templates.findPinned(frozen.header.templates), frozen.header.action);
  if (pairing.kind === 'refused')
    throw new Failure('template-unfit', `${plan}: ${pairing.problems.join('; ')}`, { plan });
  const compose = makeNoticeComposer(pairing.template, frozen.header.constants);
  const url = deps.checkUrl(sampleNumber);
  const real = chosen.map(({ target, language }): PreviewedPerson => {
    const id = accountId(target.accountId);
    const known = (evidence.get(id) ?? []).filter((item) => target.evidence.includes(item.evidenceNo));
    const facts = known.map(({ class: evidenceClass, state, eventAt, recordedAt }): EvidenceFact => ({
      accountId: id,
      evidenceClass,
      state,
      at: eventAt ?? recordedAt,
    }));
    const factsOf = (kind: TemplateKind): PersonFacts =>
      asIfDone(kind, sampleFacts(kind, plan, id, now, frozen.header.suspension), facts);
    const person = { language, accountId: id, ordinal: target.ordinal, reason: target.reason };
    return { ...person, ...render(compose, url, language, factsOf) };
  });
  const missing = languagesOf(frozen.header.templates).filter((one) => real.every(({ language }) => language !== one));
  const invented = missing.map((language): PreviewedPerson => {
    const nobody = accountId(`nobody ${language}`);
    const person = { language, accountId: null, ordinal: null, reason: null };
    return {
      ...person,
      ...render(compose, url, language, (kind) => sampleFacts(kind, plan, nobody, now, frozen.header.suspension)),
    };
  });
  return { plan, people: [...real, ...invented].toSorted((a, b) => (a.language < b.language ? -1 : 1)) };
}

/** The receipts of a plan that ran, and of the retraction that each letter belongs to; the evidence is the person's own. */
function asIfDone(kind: TemplateKind, facts: PersonFacts, own: readonly EvidenceFact[]): PersonFacts {
  const evidence = kind === 'final' ? own.map((item) => ({ ...item, state: 'withdrawn' as const })) : own;
  return { ...facts, evidence };
}

function languagesOf(templates: readonly { readonly language: string }[]): readonly string[] {
  return [...new Set(templates.map(({ language }) => language))].toSorted();
}

interface Chosen {
  readonly target: StoredTarget;
  readonly language: string;
}

async function choosePeople(tx: Tx, plan: PlanId, languages: readonly string[]): Promise<readonly Chosen[]> {
  const chosen = new Map<string, Chosen>();
  let from = 0;
  for (let look = 0; look < looksAtMost && chosen.size < peopleAtMost; look += 1) {
    const targets = await tx.plans.targets(plan, from, targetsPerLook);
    for (const target of targets) {
      if (target.tellOrdinal === null) continue;
      const { language } = chooseLanguage(target.language, languages);
      const key = `${language} ${target.reason}`;
      if (!chosen.has(key) && chosen.size < peopleAtMost) chosen.set(key, { target, language });
    }
    if (targets.length < targetsPerLook) break;
    from += targets.length;
  }
  return [...chosen.values()];
}

function render(
  compose: ComposeNotice,
  checkUrl: string,
  language: string,
  factsOf: (kind: TemplateKind) => PersonFacts,
): Pick<PreviewedPerson, 'mails' | 'withheld'> {
  const mails: PreviewedMail[] = [];
  const withheld: { kind: TemplateKind; unproved: readonly string[] }[] = [];
  for (const kind of templateKinds) {
    const composed = compose(
      kind,
      factsOf(kind),
      {
        noticeNumber: sampleNumber,
        checkUrl,
        earlierNoticeNumber: kind === 'notice' || kind === 'late' ? null : sampleNumber,
      },
      language,
    );
    if (composed.kind === 'withheld') withheld.push({ kind, unproved: composed.unproved });
    else mails.push({ kind, subject: composed.compiled.subject, text: fill(composed.compiled.text, composed.slots) });
  }
  return { mails, withheld };
}

function fill(text: TemplateText, slots: Readonly<Record<string, string | undefined>>): string {
  return text.map((piece) => (typeof piece === 'string' ? piece : (slots[piece.slot] ?? `{${piece.slot}}`))).join('');
}
