/**
 * The code of a one-time invitation: 28 symbols of Crockford's base32 in groups of four, to be read over the phone or
 * typed from a letter. It carries the 136 random bits that it is made from (I17).
 */
const symbols = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeSymbols = 28;
export const invitationCodeBytes = 17;
/** What a person may paste around a code. */
const typedLengthMax = 100;

/** `hex`: exactly 17 random bytes. */
export function invitationCodeOf(hex: string): string {
  if (!/^[0-9a-f]{34}$/.test(hex)) throw new Error('an invitation code is made of 17 bytes');
  let rest = BigInt(`0x${hex}`);
  const text = Array.from({ length: codeSymbols }, () => {
    const symbol = symbols.charAt(Number(rest % 32n));
    rest /= 32n;
    return symbol;
  }).join('');
  return (text.match(/.{4}/g) ?? []).join('-');
}

/** Reads a code as people type it: any case, spaces and hyphens, I and L for 1, O for 0. Null for what is no code. */
export function parseInvitationCode(typed: string): string | null {
  if (typed.length > typedLengthMax) return null;
  const compact = typed
    .normalize('NFKC')
    .replace(/[\s\u2010-\u2015\u2212-]/g, '')
    .toUpperCase()
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0');
  if (compact.length !== codeSymbols || [...compact].some((symbol) => !symbols.includes(symbol))) return null;
  return (compact.match(/.{4}/g) ?? []).join('-');
}
