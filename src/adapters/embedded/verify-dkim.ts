/** One DKIM-Signature header of a mail, and whether it holds. */
export interface SignatureVerdict {
  /** RFC 8601 2.7.1. `neutral`: it cannot be judged, and counts for nothing. */
  readonly result: 'pass' | 'fail' | 'neutral';
  /** As `a=` says: `rsa-sha256`. */
  readonly algorithm: string;
  readonly domain: string;
  readonly selector: string;
  /** Null where it passes. */
  readonly why: string | null;
}

/** Judges a mail by its bytes as they came. */
export type VerifyDkim = (raw: Uint8Array) => Promise<readonly SignatureVerdict[]>;

/** A page shows no more: ours has two, and a mail can be made that carries thousands. */
const signaturesMax = 10;

/**
 * A verifier that is not ours (mailauth, strict): one that shared our canonicalisation would share its mistakes. `keys`
 * stands in for the DNS, by name; nothing is looked up elsewhere. About 1 ms a mail.
 */
export function makeDkimVerifier(keys: ReadonlyMap<string, string>): VerifyDkim {
  return async (raw) => {
    // Read only when somebody looks at a mail: it brings parsers for mails, names and records of every kind.
    const { dkimVerify } = await import('mailauth/lib/dkim/verify.js');
    const { results } = await dkimVerify(Buffer.from(raw), {
      strict: true,
      resolver: (name: string, type: string) => {
        const value = type === 'TXT' ? keys.get(name.toLowerCase()) : undefined;
        if (value !== undefined) return Promise.resolve([[value]]);
        return Promise.reject(Object.assign(new Error(`${type} ${name}`), { code: 'ENOTFOUND' }));
      },
    });
    const signatures = results.filter(({ status }) => status.result !== 'none');
    return signatures.slice(0, signaturesMax).map(({ status, algo, signingDomain, selector }) => ({
      result: status.result === 'pass' || status.result === 'fail' ? status.result : 'neutral',
      algorithm: algo ?? 'unknown',
      domain: signingDomain ?? 'unknown',
      selector: selector ?? 'unknown',
      why: status.result === 'pass' ? null : (status.comment ?? status.result),
    }));
  };
}
