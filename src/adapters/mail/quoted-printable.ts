/** RFC 2045 6.7: 76 characters a line, the soft line break's `=` included. */
const lineMax = 75;

export const softBreak = '=\r\n';

/** Everything that needs no encoding and cannot matter at a line's beginning or end. */
const plainRun = /^[A-EG-Za-z0-9](?:[\x20-\x3c\x3e-\x7e]{0,73}[\x21-\x3c\x3e-\x7e])?$/;

/**
 * UTF-8 text as quoted-printable, to be put where a line begins. `\n` becomes a hard line break; every other control
 * character is encoded. No line begins with `.`, `-` or `F` (dot-stuffing, MIME boundaries and mbox "From " never come
 * into play), none ends in a blank, and no character is split between lines.
 */
export function quotedPrintable(text: string): string {
  if (plainRun.test(text)) return text;
  let encoded = '';
  let column = 0;
  const characters = [...text];
  for (const [index, character] of characters.entries()) {
    if (character === '\n') {
      encoded += '\r\n';
      column = 0;
      continue;
    }
    const isLast = index + 1 === characters.length || characters[index + 1] === '\n';
    let unit = encodeCharacter(character, column === 0, isLast);
    if (column + unit.length > lineMax) {
      encoded += softBreak;
      column = 0;
      unit = encodeCharacter(character, true, isLast);
    }
    encoded += unit;
    column += unit.length;
  }
  return encoded;
}

function encodeCharacter(character: string, isFirst: boolean, isLast: boolean): string {
  const isVisible = /^[\x21-\x3c\x3e-\x7e]$/.test(character) && !(isFirst && /^[.F-]$/.test(character));
  if (isVisible || (character === ' ' && !isLast)) return character;
  let encoded = '';
  for (const byte of Buffer.from(character, 'utf8')) encoded += `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return encoded;
}
