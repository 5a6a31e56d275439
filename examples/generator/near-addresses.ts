import type { Random } from '../chirp/random.ts';

/** A-Z only, as the directory folds: a letter outside ASCII stays. */
export function upperCaseAscii(address: string): string {
  return address.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase());
}

const fullwidthOffset = 0xff01 - 0x21;

function replaceAt(text: string, index: number, letter: string): string {
  return text.slice(0, index) + letter + text.slice(index + 1);
}

/**
 * An address that Unicode folding (lower-casing, NFKC, or both) would take for the given one, and that belongs to
 * somebody else or nobody: Kelvin sign for k, dotless i, long s, or one fullwidth letter.
 */
export function lookAlikeOf(address: string, random: Random): string {
  const local = address.slice(0, address.lastIndexOf('@'));
  const twins = [
    { letter: 'k', twin: '\u212a' },
    { letter: 'i', twin: '\u0131' },
    { letter: 's', twin: '\u017f' },
  ].filter(({ letter }) => local.includes(letter));
  if (twins.length > 0 && random.chance(0.75)) {
    const { letter, twin } = random.pick(twins);
    return replaceAt(address, local.indexOf(letter), twin);
  }
  const index = local.search(/[a-z0-9]/);
  if (index === -1) return address.replace('@', '\uff20');
  return replaceAt(address, index, String.fromCharCode(address.charCodeAt(index) + fullwidthOffset));
}

/** An address that a mail provider might deliver to the same person (tag added or dropped, dot dropped): another account here. */
export function variantOf(address: string): string {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const domain = address.slice(at);
  if (local.includes('+')) return local.slice(0, local.indexOf('+')) + domain;
  if (local.includes('.')) return local.replace('.', '') + domain;
  return `${local}+list${domain}`;
}
