import type { Store } from '../ports/store.ts';
import type { ClaimedKey, KeptAnswer, KeyedRequest } from '../ports/request-key-store.ts';

/** A day: longer than any retry of a client, short enough that answers do not pile up. */
export const keepAnswersHours = 24;
/** A process that works says so every few seconds; three missed beats are an end and not a stall. */
export const beatSeconds = 5;
export const silentSeconds = 3 * beatSeconds;
/** Of larger answers only that they were given is kept: the table is no archive. */
const largestAnswer = 1_048_576;
/** What our tokens look like: whatever holds one is not kept, whichever route answered it. */
const tokenOfOurs = /\bact_[0-9a-f]{16,}/i;

/** A keyed digest, fed piece by piece. */
export interface Mac {
  update(piece: string | Uint8Array): void;
  hex(): string;
}

export interface RequestKeysDeps {
  readonly store: Store;
  /** Under a key that the database does not hold: what is digested may be guessable. */
  readonly startMac: () => Mac;
  /** Names this process, and no process before or after it. */
  readonly holder: string;
}

/** Makes a request that is sent twice act once: what was answered is kept for a day and given again. */
export interface RequestKeys {
  startMac(): Mac;
  claim(request: KeyedRequest, mayRepeatLost: boolean): Promise<ClaimedKey>;
  keep(request: KeyedRequest, answer: KeptAnswer): Promise<void>;
  free(request: KeyedRequest): Promise<void>;
  /** No more than a look while nothing runs. Call it every `beatSeconds`. */
  beat(): Promise<void>;
}

export function makeRequestKeys({ store, startMac, holder }: RequestKeysDeps): RequestKeys {
  const running = new Set<string>();
  const nameOf = ({ caller, key }: KeyedRequest): string => `${caller} ${key}`;
  return {
    startMac,
    async claim(request, mayRepeatLost) {
      const bounds = { hours: keepAnswersHours, silentSeconds, mayRepeatLost };
      const claimed = await store.transact((tx) => tx.requestKeys.claim(request, holder, bounds));
      if (claimed.kind === 'new') running.add(nameOf(request));
      return claimed;
    },
    async keep(request, answer) {
      // Also where it cannot be kept: then nobody beats for it, and it is soon known as lost.
      running.delete(nameOf(request));
      const isKept = (answer.body?.length ?? 0) <= largestAnswer && !tokenOfOurs.test(answer.body ?? '');
      const kept = isKept ? answer : { ...answer, body: null };
      await store.transact((tx) => tx.requestKeys.keep(request, holder, kept));
    },
    async free(request) {
      running.delete(nameOf(request));
      await store.transact((tx) => tx.requestKeys.free(request, holder));
    },
    async beat() {
      if (running.size > 0) await store.transact((tx) => tx.requestKeys.beat(holder));
    },
  };
}
