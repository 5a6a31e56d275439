import type { Signatures } from '../../app/ports/signatures.ts';

/** Approvals of the plans under way, many times over. Beyond, all are forgotten: it costs one more verification each. */
const keptMax = 1_000;

/**
 * The same answers, each worked out once: whether these bytes are that key's signature of that text never changes. Who
 * holds the key now, and whether the text still counts, is no part of it. A no is worked out anew each time.
 */
export function rememberVerified(signatures: Signatures): Signatures {
  const verified = new Set<string>();

  /** `question` is JSON of all that the answer depends on, so that no two questions have the same name. */
  function once(question: string, work: () => boolean): boolean {
    if (verified.has(question)) return true;
    if (!work()) return false;
    if (verified.size >= keptMax) verified.clear();
    verified.add(question);
    return true;
  }

  return {
    verify: (publicKey, text, signature) =>
      once(JSON.stringify(['key', publicKey, text, signature]), () => signatures.verify(publicKey, text, signature)),
    verifyAssertion: (passkey, text, assertion) =>
      once(JSON.stringify(['passkey', passkey, text, assertion]), () =>
        signatures.verifyAssertion(passkey, text, assertion),
      ),
  };
}
