import { createHash } from 'node:crypto';
import { Failure } from '../domain/shared/failure.ts';
import { makeRequestLimit } from './request-limit.ts';
import type { RequestLimit, RequestRate } from './request-limit.ts';

/** A watcher asks once a second and a script some times more; nobody types 20 requests a second for long. */
const tokenRate: RequestRate = { burst: 300, refillSeconds: 1 / 20 };
/** A token has 256 bits and is not guessed: this only keeps a loop with an old token from taking the database along. */
const failureRate: RequestRate = { burst: 100, refillSeconds: 1 };
/** Each costs a look-up and the check of a signature. An office of twenty behind one address signs in at once. */
const signatureRate: RequestRate = { burst: 20, refillSeconds: 3 };
/** What needs no token: the description of the API, and a look whether the server is ready. */
const openRate: RequestRate = { burst: 60, refillSeconds: 1 / 5 };
/** Of its own, so that no flood of anything else is counted against it. Repeating a halt is harmless. */
const haltRate: RequestRate = { burst: 100, refillSeconds: 1 / 10 };
const haltFailureRate: RequestRate = { burst: 300, refillSeconds: 1 / 20 };

export interface TokenInHand {
  /** As sent. Kept as its digest only. */
  readonly token: string;
  /** A key of `makeClientAddress`. */
  readonly address: string;
  /** Whether it is for halting: that is counted apart from everything else (I11). */
  readonly isHalt: boolean;
}

export interface LookUp {
  failed(): void;
  succeeded(): void;
}

/** How often one may call the API. Each throws `Failure('too-many-requests')` with `retryAfterSeconds`. */
export interface ApiLimits {
  /**
   * Before the token is looked up, so that what is too much costs no query. An unknown one is counted as a failure until
   * it is known to be none: many at once do not all slip through. One that was good a moment ago is held to its own
   * limit, and not to what others at its address did.
   */
  beforeLookUp(given: TokenInHand): LookUp;
  /** What is known to be no token without looking it up. */
  takeFailure(given: TokenInHand): void;
  /** A body that is signed instead of a token. */
  takeSigned(address: string): void;
  takeOpen(address: string): void;
}

export function makeApiLimits(monotonicMs: () => number): ApiLimits {
  const ordinary = { good: makeRequestLimit(tokenRate, monotonicMs), bad: makeRequestLimit(failureRate, monotonicMs) };
  const halts = { good: makeRequestLimit(haltRate, monotonicMs), bad: makeRequestLimit(haltFailureRate, monotonicMs) };
  const signed = makeRequestLimit(signatureRate, monotonicMs);
  const open = makeRequestLimit(openRate, monotonicMs);
  const limitsOf = ({ isHalt }: TokenInHand): typeof ordinary => (isHalt ? halts : ordinary);
  return {
    beforeLookUp(given) {
      const { good, bad } = limitsOf(given);
      const key = keyOf(given);
      const wasGood = ordinary.good.knows(key) || halts.good.knows(key);
      if (wasGood) take(good, key);
      else take(bad, given.address);
      return {
        failed() {
          if (!wasGood) return;
          for (const limit of [ordinary.good, halts.good]) limit.forget(key);
          bad.take(given.address);
        },
        succeeded() {
          if (wasGood) return;
          bad.giveBack(given.address);
          good.take(key);
        },
      };
    },
    takeFailure: (given) => take(limitsOf(given).bad, given.address),
    takeSigned: (address) => take(signed, address),
    takeOpen: (address) => take(open, address),
  };
}

function take(limit: RequestLimit, key: string): void {
  const seconds = limit.take(key);
  if (seconds === 0) return;
  throw new Failure(
    'too-many-requests',
    `Too many requests. Wait ${seconds} s. Halting is counted apart: allclear halt`,
    { retryAfterSeconds: seconds },
  );
}

function keyOf({ token }: TokenInHand): string {
  return createHash('sha256').update(token).digest('base64');
}
