/**
 * `ascii`: a number, a date or a URL, `[A-Za-z0-9 ,.:/+()_?=#%~&@-]` only; may stand in a quoted HTML attribute.
 * `text`: any Unicode, one line (each control character becomes a space); in HTML only between tags, never inside one.
 */
export type SlotType = 'ascii' | 'text';

export interface SlotReference {
  readonly slot: string;
  readonly type: SlotType;
}

/** Literals (plain text, or HTML markup) and the places where a person's own values go. */
export type TemplateText = readonly (string | SlotReference)[];

/** All that is the same for everyone who gets this template version in this language. */
export interface MessageTemplate {
  readonly from: { readonly name: string; readonly address: string };
  /** Constant per language: nothing of a person stands in a subject. */
  readonly subject: string;
  readonly text: TemplateText;
  readonly html: TemplateText;
  /** Constant headers of our own, such as `Feedback-ID`. Printable ASCII; the structural ones are refused. */
  readonly headers: Readonly<Record<string, string>>;
  /** Headers that hold the notice's number, beside our own `X-Allclear-Notice`: a provider's events repeat only its own. */
  readonly noticeHeaders?: readonly NoticeHeader[];
}

/** A header whose value is the notice's number between two constants, without a space. */
export interface NoticeHeader {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/** All that differs per person: with the template it decides every byte (I5). */
export interface PersonalPart {
  /** The one recipient, as in the envelope. */
  readonly to: string;
  /** With its angle brackets. */
  readonly messageId: string;
  readonly date: Date;
  readonly noticeNumber: string;
  readonly slots: Readonly<Record<string, string>>;
}

export interface CompiledMessage {
  /**
   * A finished message with CRLF line ends: what `OutgoingMessage.content` wants, and what a signer would sign.
   * `Failure('template-unfit')` when a slot has no value, or one that its type forbids.
   */
  build(person: PersonalPart): Uint8Array;
}

/** Refuses a template that cannot be spliced safely with `Failure('template-unfit')`. Done once per template version and language. */
export type CompileMessage = (template: MessageTemplate) => Promise<CompiledMessage>;
