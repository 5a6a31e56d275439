import { Failure } from '../../domain/shared/failure.ts';
import type { SlotType } from '../../app/ports/message-compiler.ts';

/** A slot is a phrase. This is far above any of ours, and bounds what one value can make of a message. */
const slotMaxCharacters = 4_000;

const asciiForm = /^[A-Za-z0-9 ,.:/+()_?=#%~&@-]*$/;

/** C0, DEL and C1 controls, line and paragraph separators: each could begin a line that we did not write. */
const lineBreaking = /\r\n|[\p{Cc}\u2028\u2029]/gu;
/** Bidirectional embeddings, overrides and isolates: left open, they would reorder our own words after the slot. */
const bidiControl = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * A slot's value as its reader will see it. `text`: one line; each control character becomes a space, bidi controls that
 * reach beyond the slot are dropped, a lone surrogate becomes U+FFFD; all else is kept. `ascii`: as it is, or refused.
 */
export function slotValue(name: string, type: SlotType, value: string | undefined): string {
  if (value === undefined) throw unfit(name, 'has no value');
  if (value.length > slotMaxCharacters) throw unfit(name, `has a value of more than ${slotMaxCharacters} characters`);
  if (type === 'ascii') {
    if (!asciiForm.test(value)) throw unfit(name, 'has a character that an ascii slot does not take');
    return value;
  }
  return value.toWellFormed().replaceAll(lineBreaking, ' ').replaceAll(bidiControl, '');
}

function unfit(name: string, why: string): Failure {
  return new Failure('template-unfit', `Slot ${name} ${why}. Nothing was built for this person.`, { slot: name });
}
