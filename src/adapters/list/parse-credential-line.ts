import type { RefusalReason } from '../../domain/evidence/refusal.ts';
import type { CredentialParser } from './credential-parser.ts';

export type CredentialLine =
  | { readonly kind: 'credential'; readonly address: string; readonly password: string }
  | { readonly kind: 'refused'; readonly reason: RefusalReason };

/** Reads one line, given as the bytes between `start` and `end`, into text. A refusal never carries any of the line. */
export function parseCredentialLine(
  parser: CredentialParser,
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
): CredentialLine {
  const reason = parser.parse(bytes, start, end);
  return reason === null ? { kind: 'credential', ...textOfCredential(parser, bytes) } : { kind: 'refused', reason };
}

/** The address and the password that the parser has just found in `bytes`. */
export function textOfCredential(
  parser: Pick<
    CredentialParser,
    'addressStart' | 'addressEnd' | 'passwordStart' | 'passwordEnd' | 'passwordHasDoubledQuotes'
  >,
  bytes: Uint8Array,
): { readonly address: string; readonly password: string } {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const password = text.toString('utf8', parser.passwordStart, parser.passwordEnd);
  return {
    address: text.toString('utf8', parser.addressStart, parser.addressEnd),
    password: parser.passwordHasDoubledQuotes ? password.replaceAll('""', '"') : password,
  };
}
