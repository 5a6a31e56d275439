import type { Signatures } from '../../app/ports/signatures.ts';

/** Approvals of the plans under way, many times over. Beyond, all are forgotten: it costs one more verification each. */
const keptMax = 1_000;

/**
 * The same answers, each worked out once: whether these bytes are that key's signature of that text never changes. Who
 * holds the key now, and whether the text still counts, is no part of it. A no is worked out anew each time.
 */
export function rememberVerified(signatures: Signatures): Signatures {
  const verified = new Set<string>();
  return {
    verify(publicKey, text, signature) {
      // A signature and a key hold no blank, so no two questions have the same name.
      const name = `${publicKey} ${signature} ${text}`;
      const isPlain = !/\s/.test(publicKey + signature);
      if (isPlain && verified.has(name)) return true;
      const isGenuine = signatures.verify(publicKey, text, signature);
      if (!isGenuine || !isPlain) return isGenuine;
      if (verified.size >= keptMax) verified.clear();
      verified.add(name);
      return true;
    },
  };
}
