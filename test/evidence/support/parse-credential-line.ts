import type { RefusalReason } from '../../../src/domain/evidence/refusal.ts';
import type { CredentialParser } from '../../../src/adapters/list/credential-parser.ts';
import { textOfCredential } from '../../../src/adapters/list/credential-text.ts';

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
