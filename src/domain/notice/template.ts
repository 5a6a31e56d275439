import type { ClaimName } from './claim.ts';
import type { Segment } from './segment.ts';

export const templateKinds = ['notice', 'holding', 'final', 'late', 'confirmed'] as const;
/** `notice` first; the other four are its companions, written and approved with it ("no retraction, no send"). */
export type TemplateKind = (typeof templateKinds)[number];

/** The action that a template's words describe. A template is paired with the plan's action or refused. */
export type DescribedAction = 'reset' | 'end-sessions' | 'step-up' | 'suspend';

/**
 * When a block appears. `always`: it states no fact about the person. `mandatory`: unproved, the whole mail is withheld.
 * `optional`: unproved, the block is dropped. `one-of`: the first proved block of the group appears, and a group of
 * which none is proved withholds the mail.
 */
export type BlockNeed =
  | { readonly need: 'always' }
  | { readonly need: 'mandatory' | 'optional'; readonly claim: ClaimName }
  | { readonly need: 'one-of'; readonly group: string; readonly claim: ClaimName };

export type BlockForm = 'heading' | 'paragraph' | 'list' | 'number' | 'link';

/** One block of a mail, the same in every language. */
export type BlockShape = BlockNeed & {
  readonly id: string;
  readonly form: BlockForm;
};

/** A block's words in one language: a list has several items, every other form exactly one. */
export type BlockWords = readonly (readonly Segment[])[];

export interface LocalizedTemplate {
  readonly subject: readonly Segment[];
  /** By block id. */
  readonly words: Readonly<Record<string, BlockWords>>;
}

/** One mail of a template: its blocks, and their words per language. */
export interface MailTemplate {
  readonly kind: TemplateKind;
  readonly blocks: readonly BlockShape[];
  /** By language (BCP 47 primary subtag). */
  readonly languages: Readonly<Record<string, LocalizedTemplate>>;
}

/** A notice with its corrections, one version of it. Never edited once used: a change is a new version. */
export interface NoticeTemplate {
  readonly id: string;
  readonly version: number;
  readonly describesAction: DescribedAction;
  readonly mails: Readonly<Partial<Record<TemplateKind, MailTemplate>>>;
}
