import type { LossPreview } from './preview-loss.ts';

/** Whose loss it is, and how it would be written down. */
export interface LossTerms {
  readonly deployment: string;
  readonly directory: string;
  readonly isEveryone: boolean;
  readonly vouched: string | null;
  /** Whose journals were heard. */
  readonly hosts: readonly string[];
}

export interface LossRecord extends Pick<
  LossPreview,
  'chains' | 'tracks' | 'people' | 'lostLetters' | 'lostStarts' | 'doubts'
> {
  readonly deployment: string;
  readonly directory: string;
  readonly everyone: boolean;
  readonly vouched: string | null;
  readonly hosts: readonly string[];
}

/**
 * What two people sign by its digest: all that is lost as far as it is known, who becomes unknown by it, and what nobody
 * can know. Lists are sorted, so that one loss has one digest; nothing in it moves by itself while the database is behind.
 */
export function lossRecord(loss: LossPreview, terms: LossTerms): LossRecord {
  const { deployment, directory, isEveryone, vouched, hosts } = terms;
  return {
    deployment,
    directory,
    chains: sorted(loss.chains, (one) => one.chain).map(({ chain, agreedSeq, seenThrough, seenBy }) => ({
      chain,
      agreedSeq,
      seenThrough,
      seenBy,
    })),
    tracks: sorted(loss.tracks, (one) => `${one.subject} ${one.track}`),
    people: loss.people,
    lostLetters: sorted(loss.lostLetters, (one) => `${one.subject} ${one.track}`),
    lostStarts: sorted(loss.lostStarts, (one) => one),
    doubts: sorted(loss.doubts, (one) => one),
    everyone: isEveryone,
    vouched,
    hosts: sorted(hosts, (one) => one),
  };
}

function sorted<T>(list: readonly T[], keyOf: (one: T) => string): readonly T[] {
  return list.toSorted((a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    return left === right ? 0 : left < right ? -1 : 1;
  });
}
