import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { RecoverySecrets } from '../../app/ports/recovery-secrets.ts';
import { codeFromBytes } from '../../domain/recovery/recovery-code.ts';

const tokenBytes = 16;
const codeBytes = 32;

/** `key`: a sub-key of the installation, from outside the database. */
export function makeRecoverySecrets(key: Uint8Array): RecoverySecrets {
  return {
    newToken: () => randomBytes(tokenBytes).toString('hex'),
    newCode() {
      const code = codeFromBytes(randomBytes(codeBytes));
      if (code === null) throw new Error('too many random bytes had to be left out of a code');
      return code;
    },
    keyed: (purpose, text) => createHmac('sha256', key).update(`${purpose}\n${text}`).digest('hex'),
    isSame(left, right) {
      const [one, other] = [Buffer.from(left), Buffer.from(right)];
      return one.length === other.length && timingSafeEqual(one, other);
    },
  };
}
