import type { ProvedClaim } from '../../domain/notice/claim.ts';
import type { PersonFacts } from '../../domain/notice/person-facts.ts';
import type { PairedTemplate } from '../../domain/notice/pair-template-with-action.ts';
import { proveClaims, type WithheldReason } from '../../domain/notice/prove-claims.ts';
import type { PersonSlot } from '../../domain/notice/segment.ts';
import type { TemplateKind } from '../../domain/notice/template.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { chooseLanguage } from './choose-language.ts';
import { compileNotice, type CompiledNotice } from './compile-notice.ts';
import type { NoticeConstants } from './notice-constants.ts';
import { noticeSlots, type NoticePerson } from './notice-slots.ts';

export type ComposedNotice =
  | {
      readonly kind: 'composed';
      readonly compiled: CompiledNotice;
      readonly slots: Readonly<Partial<Record<PersonSlot, string>>>;
      readonly claims: readonly ProvedClaim[];
      /** Optional claims that were left out for want of proof. */
      readonly dropped: readonly string[];
      /** True where the holder's language is unknown or not among ours, and English was taken. */
      readonly languageFellBack: boolean;
    }
  | { readonly kind: 'withheld'; readonly reason: WithheldReason; readonly unproved: readonly string[] };

export type ComposeNotice = (
  kind: TemplateKind,
  facts: PersonFacts,
  person: NoticePerson,
  languageTag: string | null,
) => ComposedNotice;

/**
 * What a mail can differ in, apart from slots: kinds x languages x claim sets. Five kinds, four languages and at most
 * twelve claim sets are 240; above this something is wrong, and memory stays bounded.
 */
const COMPILED_MAX = 2_000;

/**
 * The composer of one plan: proves a person's claims and gives the compiled mail that says just these. The same
 * `compiled` object comes back for everyone with the same words, so a message compiler can key its own cache by it.
 */
export function makeNoticeComposer(template: PairedTemplate, constants: NoticeConstants): ComposeNotice {
  const cache = new Map<string, CompiledNotice>();
  return (kind, facts, person, languageTag) => {
    const mail = template.mails[kind];
    if (mail === undefined) {
      throw new Failure('template-unfit', `${template.id} v${template.version} has no ${kind} mail.`, { kind });
    }
    const proof = proveClaims(facts, mail.blocks);
    if (proof.kind === 'withheld') return proof;
    const { language, fellBack } = chooseLanguage(languageTag, Object.keys(mail.languages));
    const proved = new Set(proof.claims.map((claim) => claim.name));
    const key = [kind, language, ...proved].join(' ');
    let compiled = cache.get(key);
    if (compiled === undefined) {
      if (cache.size >= COMPILED_MAX) cache.clear();
      compiled = compileNotice(mail, language, proved, constants);
      cache.set(key, compiled);
    }
    return {
      kind: 'composed',
      compiled,
      slots: noticeSlots(language, person, proof.claims),
      claims: proof.claims,
      dropped: proof.dropped,
      languageFellBack: fellBack,
    };
  };
}
