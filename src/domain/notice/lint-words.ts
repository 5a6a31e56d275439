import type { ClaimName } from './claim.ts';
import { forbiddenWords } from './forbidden-words.ts';
import type { Segment, SlotName } from './segment.ts';
import type { BlockShape, BlockWords, DescribedAction, LocalizedTemplate } from './template.ts';

/** RFC 5322 section 2.1.1: a line of 78 characters is shown whole; a longer subject is cut on a phone anyway. */
const SUBJECT_LENGTH_MAX = 78;
const BLOCK_LENGTH_MAX = 600;
/** A frightened person reads one screen. */
const MAIL_LENGTH_MAX = 3_000;

export interface WordsFinding {
  /** `subject` or the id of the block. */
  readonly where: string;
  readonly problem: string;
}

/** What is wrong with the words of one mail in one language. */
export function lintWords(
  action: DescribedAction,
  language: string,
  blocks: readonly BlockShape[],
  localized: LocalizedTemplate,
): readonly WordsFinding[] {
  const findings: WordsFinding[] = [];
  for (const id of Object.keys(localized.words)) {
    if (!blocks.some((block) => block.id === id)) findings.push({ where: id, problem: 'is not a block of this mail' });
  }
  for (const problem of [...lintSubject(localized.subject), ...lintLiterals(action, language, localized.subject)]) {
    findings.push({ where: 'subject', problem });
  }
  let mailLength = 0;
  for (const block of blocks) {
    const items = localized.words[block.id] ?? [];
    const length = items.reduce((sum, item) => sum + lengthOf(item), 0);
    mailLength += length;
    for (const problem of lintForm(block, items)) findings.push({ where: block.id, problem });
    if (length > BLOCK_LENGTH_MAX) findings.push({ where: block.id, problem: `is longer than ${BLOCK_LENGTH_MAX}` });
    for (const problem of items.flatMap((item) => [
      ...lintSlots(block, item),
      ...lintLiterals(action, language, item),
    ])) {
      findings.push({ where: block.id, problem });
    }
  }
  if (mailLength > MAIL_LENGTH_MAX) findings.push({ where: 'mail', problem: `is longer than ${MAIL_LENGTH_MAX}` });
  return findings;
}

function lintSubject(subject: readonly Segment[]): readonly string[] {
  const problems: string[] = [];
  if (subject.length === 0) problems.push('is empty');
  if (lengthOf(subject) > SUBJECT_LENGTH_MAX) problems.push(`is longer than ${SUBJECT_LENGTH_MAX}`);
  for (const slot of slotsOf(subject)) {
    if (slot !== 'service-name') problems.push(`a subject has no slot ${slot}: it is shown on locked screens`);
  }
  return problems;
}

function lintForm(block: BlockShape, items: BlockWords): readonly string[] {
  if (items.length === 0 || items.some((item) => item.length === 0)) return ['has no words'];
  if (block.form !== 'list' && items.length !== 1) return [`a ${block.form} has exactly one text`];
  return [];
}

/** Which person slots a block may fill: a time may be named only beside the claim whose proof carries it. */
function lintSlots(block: BlockShape, item: readonly Segment[]): readonly string[] {
  const slots = slotsOf(item);
  const problems: string[] = [];
  if (block.form === 'link' || block.form === 'number') {
    if (slots.some((slot) => slot !== 'service-name'))
      problems.push(`the label of a ${block.form} has no slot but service-name`);
    return problems;
  }
  for (const slot of slots) {
    if (slot === 'check-url' || slot === 'notice-number') {
      problems.push(`${slot} belongs in a link or number block`);
    } else if (!mayName(block, slot)) {
      problems.push(`${slot} may be named only beside a claim that proves it`);
    }
  }
  return problems;
}

const earlierClaims: readonly ClaimName[] = [
  'notice-was-sent',
  'notice-may-have-been-sent',
  'notice-sent-in-error',
  'notice-may-have-been-sent-in-error',
];

/** Slots that only the proof of one of these claims can fill. */
const claimsBehind: Readonly<Partial<Record<SlotName, readonly ClaimName[]>>> = {
  'contained-on': ['password-reset-by-us'],
  'sessions-ended-on': ['sessions-ended'],
  'suspended-on': ['account-suspended-by-us'],
  'suspended-until': ['suspension-lapses'],
  'earlier-notice-on': earlierClaims,
  'earlier-notice-number': earlierClaims,
};

function mayName(block: BlockShape, slot: SlotName): boolean {
  const claims = claimsBehind[slot];
  return claims === undefined || (block.need !== 'always' && claims.includes(block.claim));
}

function lintLiterals(action: DescribedAction, language: string, segments: readonly Segment[]): readonly string[] {
  const words = forbiddenWords[language];
  if (words === undefined) return [`no forbidden words are written down for the language ${language}`];
  const text = segments.map((segment) => ('literal' in segment ? segment.literal : '\u0000')).join('');
  const problems: string[] = [];
  const check = (pattern: RegExp, problem: string): void => {
    const found = pattern.exec(text);
    if (found !== null) problems.push(`${problem}: "${found[0]}"`);
  };
  check(words.unprovedCause, 'says more than was proved');
  check(words.urgency, 'hurries a frightened person');
  check(words.lure, 'sounds like a false mail');
  check(action === 'suspend' ? words.resetAction : words.otherAction, 'describes another action');
  check(
    /[a-z][a-z0-9+.-]*:\/\/|www\.|mailto:|\b[a-z0-9-]+\.(com|net|org|io|de|es|jp)\b/iu,
    'holds an address outside a slot',
  );
  check(/[\w.+-]+@[\w-]+/u, 'holds a mail address outside a slot');
  check(/(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{12,}|\d{6,}/, 'holds something like a token or a code');
  check(/[<>]|&[a-z#]/iu, 'holds markup');
  // Controls and invisible or direction-changing characters: what is read is not what was reviewed.
  check(
    /[\u0001-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u,
    'holds an invisible character',
  );
  return problems;
}

function slotsOf(segments: readonly Segment[]): readonly SlotName[] {
  return segments.flatMap((segment) => ('slot' in segment ? [segment.slot] : []));
}

/** A slot counts as the twelve characters that a short one takes: the limits are about reading, not bytes. */
function lengthOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + ('literal' in segment ? [...segment.literal].length : 12), 0);
}
