import { Failure } from '../../src/domain/shared/failure.ts';
import type { TemplateText } from '../../src/app/ports/message-compiler.ts';
import type { CompiledNotice } from '../../src/app/notice/compile-notice.ts';
import { escapeHtml } from '../../src/app/notice/escape-html.ts';

export interface RenderedNotice {
  readonly language: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** One whole mail as its reader sees it, from the same compiled pieces that mass sending splices. */
export function renderNotice(
  compiled: CompiledNotice,
  slots: Readonly<Partial<Record<string, string>>>,
): RenderedNotice {
  return {
    language: compiled.language,
    subject: compiled.subject,
    text: fill(compiled.text, slots, (value) => value),
    html: fill(compiled.html, slots, escapeHtml),
  };
}

function fill(
  pieces: TemplateText,
  slots: Readonly<Partial<Record<string, string>>>,
  escape: (value: string) => string,
): string {
  return pieces
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      const value = slots[piece.slot];
      if (value === undefined)
        throw new Failure('template-unfit', `The slot ${piece.slot} has no value for this person.`);
      return escape(value);
    })
    .join('');
}
