import { createHash } from 'node:crypto';

import MailComposer from 'nodemailer/lib/mail-composer';

import type {
  CompiledMessage,
  MessageTemplate,
  PersonalPart,
  SlotReference,
  TemplateText,
} from '../../app/ports/message-compiler.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { headerForm, parseEnvelopeAddress } from './envelope-address.ts';
import { escapeHtml } from '../../app/notice/escape-html.ts';
import { quotedPrintable, softBreak } from './quoted-printable.ts';
import { slotValue } from './slot-value.ts';

/** Text that is final, or a function that writes a person's own part. */
type Piece = string | ((person: PersonalPart) => string);

/** Stand-ins that the MIME library carries through unchanged, and that no template can contain by chance. */
const placeholders = {
  to: 'allclear-slot-to@slot.invalid',
  messageId: '<allclear-slot-message-id@slot.invalid>',
  date: 'Thu, 01 Jan 1970 00:00:00 +0000',
  notice: 'allclear-slot-notice-number',
  text: 'allclear-slot-text-body',
  html: 'allclear-slot-html-body',
} as const;

function providerNotice(index: number): string {
  return `allclear-slot-provider-${index}`;
}

/** Headers that are ours or the composer's to set. */
const structuralHeader =
  /^(?:from|sender|reply-to|to|cc|bcc|subject|date|message-id|in-reply-to|references|mime-version|content-.*|return-path|received|resent-.*|dkim-.*|auto-submitted|x-allclear-notice)$/i;

/**
 * Composes the MIME structure once, by the library, and leaves the places of a person's own values open; `build` then
 * only joins strings. Bodies are quoted-printable, and a soft line break stands before and after each slot: whatever a
 * value's length or content, it begins and ends at a line's edge and touches nothing that was encoded before.
 */
export async function compileMessage(template: MessageTemplate): Promise<CompiledMessage> {
  checkConstants(template);
  const composed = await compose(template);
  const pieces = joinLiterals(
    splice(composed, [
      [placeholders.to, [toHeader]],
      [placeholders.messageId, [messageIdHeader]],
      [placeholders.date, [dateHeader]],
      [placeholders.notice, [noticeNumber]],
      ...(template.noticeHeaders ?? []).map((_, index) => [providerNotice(index), [noticeNumber]] as const),
      [placeholders.text, compileBody(template.text, (value) => value)],
      [placeholders.html, compileBody(checkedHtml(template.html), escapeHtml)],
    ]),
  );
  return makeBuilder(pieces);
}

/** What is the same for everyone is encoded once; a person's own values are written between. */
function makeBuilder(pieces: readonly Piece[]): CompiledMessage {
  const parts = pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece));
  const constantBytes = parts.reduce((sum, part) => sum + (typeof part === 'function' ? 0 : part.length), 0);
  return {
    build(person) {
      let ownBytes = 0;
      const own: string[] = [];
      for (const part of parts) {
        if (typeof part !== 'function') continue;
        const value = part(person);
        own.push(value);
        ownBytes += Buffer.byteLength(value);
      }
      const message = Buffer.allocUnsafe(constantBytes + ownBytes);
      let at = 0;
      let next = 0;
      for (const part of parts) {
        if (typeof part === 'function') at += message.write(own[next++] ?? '', at);
        else at += part.copy(message, at);
      }
      return message;
    },
  };
}

async function compose(template: MessageTemplate): Promise<string> {
  const composer = new MailComposer({
    from: template.from,
    to: placeholders.to,
    subject: template.subject,
    messageId: placeholders.messageId,
    date: placeholders.date,
    text: placeholders.text,
    html: placeholders.html,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Allclear-Notice': placeholders.notice,
      // As it stands: the library would take its quotes for words to encode.
      ...Object.fromEntries(
        (template.noticeHeaders ?? []).map(({ name, before, after }, index) => [
          name,
          { prepared: true, value: `${before}${providerNotice(index)}${after}` },
        ]),
      ),
      ...template.headers,
    },
    textEncoding: 'quoted-printable',
    encoding: 'quoted-printable',
    // Constant, so that equal templates give equal bytes (I5); `=_` cannot occur in a quoted-printable body.
    boundaryPrefix: 'allclear=_',
    baseBoundary: createHash('sha256').update(JSON.stringify(template)).digest('hex').slice(0, 24),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const composed = (await composer.compile().build()).toString('latin1');
  if (/[^\x00-\x7f]/.test(composed)) throw unfit('its constant part is not ASCII after encoding');
  return composed;
}

/** Puts the pieces in the places of their placeholders, each of which must be there exactly once. */
function splice(composed: string, places: readonly (readonly [string, readonly Piece[]])[]): readonly Piece[] {
  const found = places.map(([placeholder, pieces]) => ({ at: composed.indexOf(placeholder), placeholder, pieces }));
  found.sort((a, b) => a.at - b.at);
  const spliced: Piece[] = [];
  let from = 0;
  for (const { at, placeholder, pieces } of found) {
    if (at < from || composed.includes(placeholder, at + 1)) {
      throw unfit(`the composed message does not hold ${placeholder} exactly once`);
    }
    spliced.push(composed.slice(from, at), ...pieces);
    from = at + placeholder.length;
  }
  return [...spliced, composed.slice(from)];
}

function compileBody(parts: TemplateText, escape: (value: string) => string): readonly Piece[] {
  const merged = mergeLiterals(parts);
  return merged.flatMap((part, index): readonly Piece[] => {
    if (typeof part === 'string') return [quotedPrintable(part)];
    const { slot, type } = part;
    const value: Piece = (person) => quotedPrintable(escape(slotValue(slot, type, person.slots[slot])));
    return index + 1 < merged.length ? [softBreak, value, softBreak] : [softBreak, value];
  });
}

/** Each literal is encoded from a line's beginning, so neighbours have to be one. Line ends become `\n`. */
function mergeLiterals(parts: TemplateText): TemplateText {
  const merged: (string | SlotReference)[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof part !== 'string') merged.push(part);
    else if (typeof last === 'string') merged[merged.length - 1] = last + part;
    else merged.push(part);
  }
  return merged.map((part) => (typeof part === 'string' ? part.toWellFormed().replaceAll(/\r\n?/g, '\n') : part));
}

/** A text slot inside a tag could become an attribute: refused. Literals are trusted, being part of the plan. */
function checkedHtml(html: TemplateText): TemplateText {
  let before = '';
  for (const part of html) {
    if (typeof part === 'string') before += part;
    else if (part.type === 'text' && before.lastIndexOf('<') > before.lastIndexOf('>')) {
      throw unfit(`text slot ${part.slot} stands inside an HTML tag`);
    }
  }
  return html;
}

function checkConstants(template: MessageTemplate): void {
  const { from, subject, headers, noticeHeaders = [] } = template;
  if (parseEnvelopeAddress(from.address) === null || /[^\x20-\x7e]/.test(from.address)) {
    throw unfit('the sender is not an ASCII address');
  }
  if (/\p{Cc}/u.test(from.name + subject)) throw unfit('the sender name or the subject holds a control character');
  const named = noticeHeaders.map(({ name, before, after }) => [name, `${before}0${after}`] as const);
  if (named.some(([, value]) => value.includes(' '))) throw unfit('a header for the mail provider could be folded');
  for (const [name, value] of [...Object.entries(headers), ...named]) {
    if (!/^[A-Za-z][A-Za-z0-9-]{0,62}$/.test(name) || structuralHeader.test(name)) {
      throw unfit(`header ${name} is not the template's to set`);
    }
    if (!/^[\x21-\x7e](?:[\x20-\x7e]{0,898}[\x21-\x7e])?$/.test(value)) {
      throw unfit(`header ${name} is not printable ASCII of at most 900 characters`);
    }
  }
}

function noticeNumber(person: PersonalPart): string {
  return slotValue('noticeNumber', 'ascii', person.noticeNumber);
}

function toHeader(person: PersonalPart): string {
  const address = parseEnvelopeAddress(person.to);
  if (address === null) throw unfit('the recipient is not an address');
  return headerForm(address);
}

/** The last one written: neighbours share their second. */
const lastDate = { second: Number.NaN, words: '' };

/** RFC 5322 3.3, in UTC. */
function dateHeader(person: PersonalPart): string {
  const second = Math.floor(person.date.getTime() / 1_000);
  if (Number.isNaN(second)) throw unfit('its date is no date');
  if (second !== lastDate.second) {
    lastDate.words = person.date.toUTCString().replace('GMT', '+0000');
    lastDate.second = second;
  }
  return lastDate.words;
}

function messageIdHeader(person: PersonalPart): string {
  if (!/^<[A-Za-z0-9.+_-]{1,128}@[A-Za-z0-9.-]{1,255}>$/.test(person.messageId))
    throw unfit('the Message-ID is malformed');
  return person.messageId;
}

function joinLiterals(pieces: readonly Piece[]): readonly Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') joined[joined.length - 1] = last + piece;
    else joined.push(piece);
  }
  return joined;
}

function unfit(why: string): Failure {
  return new Failure('template-unfit', `This message cannot be built: ${why}.`);
}
