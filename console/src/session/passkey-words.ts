import { digestWords } from '../../../src/domain/approval/digest-words.ts';
import { hashing } from '../digest/hashing.ts';

/** Six words of a passkey, which its person and those who admit them compare by voice. `publicKey`: SubjectPublicKeyInfo, base64url. */
export function passkeyWords(publicKey: string): string {
  return digestWords(hashing.sha256(publicKey));
}
