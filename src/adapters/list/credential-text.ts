import type { CredentialParser } from './credential-parser.ts';

/** The address and the password that the parser has just found in `bytes`. */
export function textOfCredential(
  parser: Pick<
    CredentialParser,
    | 'addressStart'
    | 'addressEnd'
    | 'passwordStart'
    | 'passwordEnd'
    | 'passwordHasDoubledQuotes'
    | 'placeStart'
    | 'placeEnd'
  >,
  bytes: Uint8Array,
): { readonly address: string; readonly password: string; readonly place: string } {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const password = text.toString('utf8', parser.passwordStart, parser.passwordEnd);
  return {
    address: text.toString('utf8', parser.addressStart, parser.addressEnd),
    password: parser.passwordHasDoubledQuotes ? password.replaceAll('""', '"') : password,
    place: text.toString('utf8', parser.placeStart, parser.placeEnd),
  };
}
