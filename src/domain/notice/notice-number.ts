import type { NoticeNumber } from '../shared/ids.ts';

/**
 * A notice number: 80 bits as four groups of four Crockford base32 symbols and a check symbol, `XXXX-XXXX-XXXX-XXXX-C`.
 * An identifier to read over the phone, not a credential (I17).
 *
 * The check symbol is a Reed-Solomon check over GF(32) and so comes from the same 32 symbols. It finds every single wrong
 * symbol and every exchange of two symbols. Crockford's own mod-37 symbol would be `*`, `~`, `$` or `=` in one number of
 * nine: hard to say, and cut off by mail readers that make links out of the end of a line.
 */
const symbols = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const NUMBER_BYTES = 10;
const NUMBER_SYMBOLS = 16;
/** As `written` writes it: what links hold, and nothing of it has to be made plain first. */
const asWritten = /^[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}-[0-9A-HJKMNP-TV-Z]$/;
/** What a person may paste around a number, a link with a long host included; longer input is not a number and is not searched for one. */
const TYPED_LENGTH_MAX = 300;
/** A number in its groups, with whatever stands around it: `Notice number: ...`, the link of the mail, a full stop. */
const inGroups = /(?<![0-9a-z])(?:[0-9a-z]{4}[-\s./]{1,3}){4}[0-9a-z](?![0-9a-z])/i;

/** Makes the number of `bytes` (exactly 10, an HMAC over plan, account and notice, truncated). */
export function noticeNumberOf(bytes: Uint8Array): NoticeNumber {
  if (bytes.length !== NUMBER_BYTES) throw new Error(`a notice number has ${NUMBER_BYTES} bytes, not ${bytes.length}`);
  const values: number[] = [];
  let pending = 0;
  let pendingBits = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    pendingBits += 8;
    while (pendingBits >= 5) {
      pendingBits -= 5;
      values.push((pending >> pendingBits) & 31);
      pending &= (1 << pendingBits) - 1;
    }
  }
  return written(values);
}

/**
 * Reads a number as people type it: any case, spaces, hyphens of any kind, I and L for 1, O for 0; and as they paste it, with the words
 * or the link in which it stands. Null when it is not a number: wrong length, a symbol that cannot be, or a check symbol that does not fit.
 */
export function parseNoticeNumber(typed: string): NoticeNumber | null {
  if (typed.length > TYPED_LENGTH_MAX) return null;
  if (asWritten.test(typed)) return fits(typed) ? (typed as NoticeNumber) : null;
  // NFKC turns the full-width letters and digits of Japanese keyboards into the plain ones.
  const plain = typed.normalize('NFKC').replace(/[\u2010-\u2015\u2212\u30fc]/g, '-');
  const compact = (inGroups.exec(plain)?.[0] ?? plain)
    .replace(/[-\s./]/g, '')
    .toUpperCase()
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0');
  if (compact.length !== NUMBER_SYMBOLS + 1) return null;
  const values = Array.from(compact, (symbol) => symbols.indexOf(symbol));
  if (values.includes(-1)) return null;
  const body = values.slice(0, NUMBER_SYMBOLS);
  return values[NUMBER_SYMBOLS] === checkValue(body) ? written(body) : null;
}

/** Whether the check symbol is that of the sixteen before it. */
function fits(number: string): boolean {
  let sum = 0;
  for (let at = number.length - 2; at >= 0; at -= 1) {
    const value = symbols.indexOf(number.charAt(at));
    if (value !== -1) sum = timesX(sum ^ value);
  }
  return symbols.charAt(sum) === number.at(-1);
}

/** The number whose sixteen symbols these are, any case, without its check symbol: what a return path has room for. */
export function noticeNumberOfSymbols(text: string): NoticeNumber | null {
  if (text.length !== NUMBER_SYMBOLS) return null;
  const values = Array.from(text.toUpperCase(), (symbol) => symbols.indexOf(symbol));
  return values.includes(-1) ? null : written(values);
}

function written(values: readonly number[]): NoticeNumber {
  const text = [...values, checkValue(values)].map((value) => symbols.charAt(value)).join('');
  return [0, 4, 8, 12, 16].map((start) => text.slice(start, start + 4)).join('-') as NoticeNumber;
}

/** Sum of value(i) * x^(i+1) in GF(2)[x] / (x^5 + x^2 + 1), by Horner's rule. Weights differ, so exchanges show too. */
function checkValue(values: readonly number[]): number {
  return values.reduceRight((sum, value) => timesX(sum ^ value), 0);
}

function timesX(value: number): number {
  const shifted = value << 1;
  return shifted & 32 ? shifted ^ 0b100101 : shifted;
}
