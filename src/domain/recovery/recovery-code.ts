/** 31 symbols: no 0 and O, no 1, I and L, so that a code can be read out and typed from a telephone's small screen. */
export const codeSymbols = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
export const codeLength = 8;

/** Bytes from here on would make some symbols likelier than others. */
const fairBytes = Math.floor(256 / codeSymbols.length) * codeSymbols.length;

/**
 * A code from random bytes, 39.6 bits; null where too many of them had to be left out (of 32 bytes: never seen, below one
 * in 10^30). Grouped in two fours.
 */
export function codeFromBytes(bytes: Uint8Array): string | null {
  const symbols = [...bytes].filter((byte) => byte < fairBytes).map((byte) => codeSymbols[byte % codeSymbols.length]);
  if (symbols.length < codeLength) return null;
  const code = symbols.slice(0, codeLength).join('');
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/** What a person typed as a code, in its one form; null where it can be none. */
export function parseCode(typed: string): string | null {
  const symbols = typed.toUpperCase().replaceAll(/[\s\u2010-\u2015-]/g, '');
  if (symbols.length !== codeLength) return null;
  for (const symbol of symbols) if (!codeSymbols.includes(symbol)) return null;
  return `${symbols.slice(0, 4)}-${symbols.slice(4)}`;
}
