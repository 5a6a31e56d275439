import type { ClaimName } from '../../domain/notice/claim.ts';
import { selectBlocks } from '../../domain/notice/select-blocks.ts';
import type { ConstantSlot, PersonSlot, Segment } from '../../domain/notice/segment.ts';
import { constantSlots } from '../../domain/notice/segment.ts';
import type { BlockForm, BlockWords, MailTemplate } from '../../domain/notice/template.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { SlotReference, TemplateText } from '../ports/message-compiler.ts';
import { escapeHtml } from './escape-html.ts';
import type { NoticeConstants } from './notice-constants.ts';

/** A mail in which only the person slots are still open. */
export interface CompiledNotice {
  readonly language: string;
  readonly subject: string;
  readonly text: TemplateText;
  readonly html: TemplateText;
}

interface Block {
  readonly form: BlockForm;
  readonly words: BlockWords;
}

/**
 * Renders the blocks of exactly the proved claims, once for everyone of the same language with the same claims. Text and
 * HTML are written from the same blocks, so that they cannot say different things.
 */
export function compileNotice(
  mail: MailTemplate,
  language: string,
  proved: ReadonlySet<ClaimName>,
  constants: NoticeConstants,
): CompiledNotice {
  const localized = mail.languages[language];
  if (localized === undefined) {
    throw new Failure('template-unfit', `The ${mail.kind} mail has no words in ${language}.`, { language });
  }
  const blocks = selectBlocks(mail.blocks, proved).map((block): Block => {
    const words = localized.words[block.id];
    if (words === undefined) {
      throw new Failure('template-unfit', `The ${mail.kind} mail lacks the block ${block.id} in ${language}.`);
    }
    return { form: block.form, words };
  });
  const subject = subjectOf(localized.subject, constants);
  return {
    language,
    subject,
    text: composeText(blocks, constants),
    html: composeHtml(blocks, constants, language, subject),
  };
}

/** The subject of everyone who gets this mail in this language: it holds no slot of a person. */
export function subjectOf(segments: readonly Segment[], constants: NoticeConstants): string {
  return segments
    .map((segment) => {
      if ('literal' in segment) return segment.literal;
      if (isConstant(segment.slot)) return constants[segment.slot];
      throw new Failure('template-unfit', `A subject cannot hold the slot ${segment.slot}.`);
    })
    .join('');
}

/** No line breaks inside a paragraph: a mail reader wraps to the reader's window, and the MIME layer to the wire. */
function composeText(blocks: readonly Block[], constants: NoticeConstants): TemplateText {
  const out = new SpliceWriter(constants, (text) => text);
  for (const [index, block] of blocks.entries()) {
    if (index > 0) out.literal('\n');
    switch (block.form) {
      case 'heading':
      case 'paragraph':
        for (const item of block.words) out.segments(item);
        break;
      case 'list':
        for (const [position, item] of block.words.entries()) {
          out.literal(`${position > 0 ? '\n' : ''}${position + 1}. `);
          out.segments(item);
        }
        break;
      case 'number':
        for (const item of block.words) out.segments(item);
        out.literal(': ');
        out.slot('notice-number');
        break;
      case 'link':
        for (const item of block.words) out.segments(item);
        out.literal(':\n');
        out.slot('check-url');
        break;
    }
    out.literal('\n');
  }
  return out.finish();
}

/**
 * One column, no picture, no style sheet, nothing fetched. No colour is set anywhere: with `color-scheme` the reader's
 * own light or dark theme decides, and no contrast can be wrong.
 */
function composeHtml(
  blocks: readonly Block[],
  constants: NoticeConstants,
  language: string,
  subject: string,
): TemplateText {
  const out = new SpliceWriter(constants, escapeHtml);
  out.literal(
    `<!doctype html>\n<html lang="${escapeHtml(language)}" dir="ltr">\n<head>\n<meta charset="utf-8">\n` +
      '<meta name="viewport" content="width=device-width, initial-scale=1">\n' +
      '<meta name="color-scheme" content="light dark">\n<meta name="supported-color-schemes" content="light dark">\n' +
      `<title>${escapeHtml(subject)}</title>\n</head>\n` +
      '<body style="margin:0;padding:0">\n' +
      `<div role="article" aria-roledescription="email" lang="${escapeHtml(language)}" dir="ltr" ` +
      'style="max-width:36em;margin:0 auto;padding:24px 16px;font-family:sans-serif;font-size:16px;line-height:1.6">\n',
  );
  for (const block of blocks) {
    switch (block.form) {
      case 'heading':
        out.element('<h2 style="font-size:18px;line-height:1.4;margin:28px 0 8px">', block.words, '</h2>\n');
        break;
      case 'paragraph':
        out.element('<p style="margin:0 0 16px">', block.words, '</p>\n');
        break;
      case 'list':
        out.literal('<ol style="margin:0 0 16px;padding-inline-start:24px">\n');
        for (const item of block.words) out.element('<li style="margin:0 0 8px">', [item], '</li>\n');
        out.literal('</ol>\n');
        break;
      case 'number':
        out.element(
          '<p style="margin:0 0 16px">',
          block.words,
          ': <strong style="font-family:monospace;font-size:18px;white-space:nowrap">',
        );
        out.slot('notice-number');
        out.literal('</strong></p>\n');
        break;
      case 'link':
        // The address is shown as well: what a reader sees is where the link goes.
        out.element('<p style="margin:0 0 16px;overflow-wrap:anywhere">', block.words, ':<br>\n<a href="');
        out.slot('check-url');
        out.literal('" style="display:inline-block;padding:4px 0">');
        out.slot('check-url');
        out.literal('</a></p>\n');
        break;
    }
  }
  out.literal('</div>\n</body>\n</html>\n');
  return out.finish();
}

/** Collects literals and slot references; constants become literals, escaped for the sink like any other words. */
class SpliceWriter {
  readonly #pieces: (string | SlotReference)[] = [];
  readonly #constants: NoticeConstants;
  readonly #escape: (text: string) => string;

  constructor(constants: NoticeConstants, escape: (text: string) => string) {
    this.#constants = constants;
    this.#escape = escape;
  }

  /** As it is: markup and line ends of ours, never words. */
  literal(text: string): void {
    const last = this.#pieces.at(-1);
    if (typeof last === 'string') this.#pieces[this.#pieces.length - 1] = last + text;
    else this.#pieces.push(text);
  }

  segments(segments: readonly Segment[]): void {
    for (const segment of segments) {
      if ('literal' in segment) this.literal(this.#escape(segment.literal));
      else if (isConstant(segment.slot)) this.literal(this.#escape(this.#constants[segment.slot]));
      else this.slot(segment.slot);
    }
  }

  element(open: string, words: BlockWords, close: string): void {
    this.literal(open);
    for (const item of words) this.segments(item);
    this.literal(close);
  }

  slot(slot: PersonSlot): void {
    this.#pieces.push({ slot, type: slotTypes[slot] });
  }

  finish(): TemplateText {
    return this.#pieces;
  }
}

/** Times are written in the reader's language and so are not ASCII everywhere. */
const slotTypes: Readonly<Record<PersonSlot, SlotReference['type']>> = {
  'notice-number': 'ascii',
  'check-url': 'ascii',
  'earlier-notice-number': 'ascii',
  'earlier-notice-on': 'text',
  'contained-on': 'text',
  'sessions-ended-on': 'text',
  'suspended-on': 'text',
  'suspended-until': 'text',
};

function isConstant(slot: string): slot is ConstantSlot {
  return constantSlots.some((name) => name === slot);
}
