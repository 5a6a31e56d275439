import type { RefusalReason } from '../../domain/evidence/refusal.ts';
import { isAddressShaped } from './address-shape.ts';
import { readCredentialHeader } from './credential-header.ts';
import type { CredentialColumns } from './credential-header.ts';
import { isHashShaped } from './hash-shape.ts';

const quote = 0x22;
const space = 0x20;
const comma = 0x2c;
const semicolon = 0x3b;

/** `:` `;` `|` `,` and tab stand between an address and its password. */
const isSeparator = new Uint8Array(256);
for (const text of ':;|,\t') isSeparator[text.charCodeAt(0)] = 1;

/**
 * Finds the address and the password in one line of a leaked list, as ranges of the line's own bytes:
 * `address:password`, `url:address:password` and other leading fields, CSV (RFC 4180 quotes, with or without a header).
 * The password is everything after the separator, exactly as written: nothing is trimmed, and no variant is made up.
 * A quoted field that runs over the end of its line is refused. One parser per list: a header anywhere in it holds for the
 * lines below, and each of those that does not fit it is read as if there were none, for lists are files glued together.
 */
export class CredentialParser {
  addressStart = 0;
  addressEnd = 0;
  passwordStart = 0;
  passwordEnd = 0;
  /** What the list says the password is for: a URL, a host, or whatever stands before the address. Empty where it says nothing. */
  placeStart = 0;
  placeEnd = 0;
  /** The password range holds doubled quotes that stand for one. */
  passwordHasDoubledQuotes = false;
  #columns: CredentialColumns | null = null;

  /** Null: the ranges are set. Otherwise why the line is not taken. */
  parse(bytes: Uint8Array, start: number, end: number): RefusalReason | null {
    this.passwordHasDoubledQuotes = false;
    this.placeStart = start;
    this.placeEnd = start;
    if (isBlank(bytes, start, end)) return 'blank';
    if (this.#columns !== null) {
      const reason = this.#parseColumns(bytes, start, end, this.#columns);
      if (reason !== 'no-address') return reason;
      this.passwordHasDoubledQuotes = false;
    }
    const reason = this.#parseFreely(bytes, start, end);
    // Only here, where a line has no address and is refused anyway: asking of each line would cost more than reading it.
    if (reason !== 'no-address') return reason;
    const header = readCredentialHeader(bytes, start, end);
    if (header === null) return 'no-address';
    this.#columns = header.columns;
    return 'header';
  }

  /** A line of which no header tells anything. */
  #parseFreely(bytes: Uint8Array, start: number, end: number): RefusalReason | null {
    if (bytes[start] === quote) return this.#parseQuoted(bytes, start, end);
    if (isSqlRow(bytes, start, end)) return 'sql-dump';
    return this.#parsePlain(bytes, start, end);
  }

  #parsePlain(bytes: Uint8Array, start: number, end: number): RefusalReason | null {
    let token = start;
    for (let at = start; at <= end; at += 1) {
      if (at < end && isSeparator[bytes[at] as number] === 0) continue;
      const from = skipSpaces(bytes, token, at);
      const to = dropSpaces(bytes, from, at);
      if (isAddressShaped(bytes, from, to)) {
        this.addressStart = from;
        this.addressEnd = to;
        this.placeStart = start;
        this.placeEnd = from;
        // Comma only: beside the other separators hardly anything is quoted, and quotes are part of the password.
        if (bytes[at] === comma && bytes[at + 1] === quote && at + 1 < end) return this.#takeQuoted(bytes, at + 1, end);
        return this.#takePassword(bytes, at === end ? end : at + 1, end);
      }
      token = at + 1;
    }
    return 'no-address';
  }

  /** `"pass, word"` as the rest of a line: unquoted where RFC 4180 would quote so, else taken as written. */
  #takeQuoted(bytes: Uint8Array, start: number, end: number): RefusalReason | null {
    let hasDoubledQuotes = false;
    for (let at = start + 1; at < end; at += 1) {
      if (bytes[at] !== quote) continue;
      if (at === end - 1) {
        this.passwordHasDoubledQuotes = hasDoubledQuotes;
        return this.#takePassword(bytes, start + 1, at);
      }
      at += 1;
      if (bytes[at] !== quote) break;
      hasDoubledQuotes = true;
    }
    return this.#takePassword(bytes, start, end);
  }

  /** A line of quoted fields without a header: the first field that is an address, and the one after it. */
  #parseQuoted(bytes: Uint8Array, start: number, end: number): RefusalReason | null {
    const fields = new FieldCursor(bytes, start, end, 0);
    let hasAddress = false;
    while (fields.next()) {
      if (hasAddress) {
        this.passwordHasDoubledQuotes = fields.hasDoubledQuotes;
        return this.#takePassword(bytes, fields.start, fields.end);
      }
      if (!isAddressShaped(bytes, fields.start, fields.end)) continue;
      this.addressStart = fields.start;
      this.addressEnd = fields.end;
      this.placeStart = start;
      this.placeEnd = fields.start;
      hasAddress = true;
    }
    if (fields.isBroken) return 'broken-quotes';
    return hasAddress ? 'no-password' : 'no-address';
  }

  #parseColumns(bytes: Uint8Array, start: number, end: number, columns: CredentialColumns): RefusalReason | null {
    const fields = new FieldCursor(bytes, start, end, columns.separator);
    let passwordStart = -1;
    let passwordEnd = -1;
    let hasAddress = false;
    let column = 0;
    for (; fields.next(); column += 1) {
      if (column === columns.address) {
        this.addressStart = skipSpaces(bytes, fields.start, fields.end);
        this.addressEnd = dropSpaces(bytes, this.addressStart, fields.end);
        hasAddress = isAddressShaped(bytes, this.addressStart, this.addressEnd);
        if (!hasAddress) return 'no-address';
      }
      if (column === columns.place) {
        this.placeStart = fields.start;
        this.placeEnd = fields.end;
      }
      if (column !== columns.password) continue;
      passwordStart = fields.start;
      // Dumps are rarely quoted right: a last column takes the rest of the line, separators and all.
      passwordEnd = !fields.isQuoted && column === columns.columns - 1 ? end : fields.end;
      this.passwordHasDoubledQuotes = fields.hasDoubledQuotes;
    }
    if (!hasAddress) return 'no-address';
    if (fields.isBroken) return 'broken-quotes';
    if (passwordStart === -1) return 'wrong-columns';
    return this.#takePassword(bytes, passwordStart, passwordEnd);
  }

  #takePassword(bytes: Uint8Array, start: number, end: number): RefusalReason | null {
    this.passwordStart = start;
    this.passwordEnd = end;
    if (start >= end) return 'no-password';
    return isHashShaped(bytes, start, end) ? 'hashed-password' : null;
  }
}

/** Walks the fields of one CSV line without copying them. Separator 0: a comma or a semicolon, whichever comes first. */
class FieldCursor {
  start = 0;
  end = 0;
  isQuoted = false;
  hasDoubledQuotes = false;
  isBroken = false;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #separator: number;
  /** Where the next field begins; past the line's end when there is none. */
  #at: number;

  constructor(bytes: Uint8Array, start: number, end: number, separator: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#separator = separator;
  }

  next(): boolean {
    if (this.isBroken || this.#at > this.#end) return false;
    this.hasDoubledQuotes = false;
    this.isQuoted = this.#bytes[this.#at] === quote && this.#at < this.#end;
    return this.isQuoted ? this.#nextQuoted() : this.#nextBare();
  }

  #nextBare(): boolean {
    const bytes = this.#bytes;
    const end = this.#end;
    const separator = this.#separator;
    let at = this.#at;
    // Below a header most of a glued list is scanned here in vain: the known separator has a loop of its own.
    if (separator !== 0) while (at < end && bytes[at] !== separator) at += 1;
    else while (at < end && !this.#isSeparatorAt(at)) at += 1;
    this.start = this.#at;
    this.end = at;
    this.#at = at + 1;
    return true;
  }

  #nextQuoted(): boolean {
    const bytes = this.#bytes;
    let at = this.#at + 1;
    this.start = at;
    for (; at < this.#end; at += 1) {
      if (bytes[at] !== quote) continue;
      if (at + 1 < this.#end && bytes[at + 1] === quote) {
        this.hasDoubledQuotes = true;
        at += 1;
        continue;
      }
      if (at + 1 < this.#end && !this.#isSeparatorAt(at + 1)) break;
      this.end = at;
      this.#at = at + 2;
      return true;
    }
    this.isBroken = true;
    return false;
  }

  #isSeparatorAt(at: number): boolean {
    const byte = this.#bytes[at] as number;
    if (this.#separator !== 0) return byte === this.#separator;
    if (byte !== comma && byte !== semicolon) return false;
    this.#separator = byte;
    return true;
  }
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] !== space && bytes[at] !== 9) return false;
  return true;
}

function skipSpaces(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] === space) at += 1;
  return at;
}

function dropSpaces(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && bytes[at - 1] === space) at -= 1;
  return at;
}

const insertInto = /^\s*insert\s+into\s/i;

/** `(1,'a@b.c','secret'),` or a whole INSERT: which value is what is anybody's guess. */
function isSqlRow(bytes: Uint8Array, start: number, end: number): boolean {
  const at = skipSpaces(bytes, start, end);
  const first = bytes[at] as number;
  if (first === 0x28) return true;
  if ((first | 32) !== 0x69) return false;
  return insertInto.test(Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(end - at, 64)).toString('latin1'));
}
