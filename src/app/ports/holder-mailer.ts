/** A paragraph of plain words, or a code that stands alone in its line. */
export type MailPart = { readonly text: string } | { readonly code: string };

/** A mail that a holder asked for, or has to hear at once: no notice of a plan, and never one of many. */
export interface HolderMail {
  readonly to: string;
  /** Which of our own mails it is (`recovery-12`); stands in the return path, and is no secret. */
  readonly reference: string;
  readonly subject: string;
  /** BCP 47, of its words. */
  readonly language: string;
  readonly parts: readonly MailPart[];
}

/** `unknown`: the dot was written and no reply heard. `unsent`: proved unsent. */
export type HolderMailOutcome = 'accepted' | 'refused' | 'unknown' | 'unsent';

export interface HolderMailer {
  /** Whether the mail server takes mail now; asked at most every few seconds, and never in the name of an address. */
  isUp(): Promise<boolean>;
  send(mail: HolderMail): Promise<HolderMailOutcome>;
  close(): Promise<void>;
}
