import type { CredentialHit, ListSlice } from '../../app/ports/list-reader.ts';
import { namesMailbox } from '../../domain/evidence/names-mailbox.ts';
import type { RefusalReason } from '../../domain/evidence/refusal.ts';
import { CredentialParser } from './credential-parser.ts';
import { textOfCredential } from './credential-text.ts';
import type { KeyedAddressIndex } from './keyed-address-index.ts';
import { KeyedHash } from './keyed-hash.ts';
import { lineFaults, maxBlockLines } from './split-lines.ts';
import type { LineBlock } from './split-lines.ts';

/** Where the credential of one line of a block lies. */
interface Place {
  line: number;
  low: number;
  high: number;
  addressStart: number;
  addressEnd: number;
  passwordStart: number;
  passwordEnd: number;
  passwordHasDoubledQuotes: boolean;
  placeStart: number;
  placeEnd: number;
}

/**
 * Finds the lines of a block whose address the index has. Two passes, first parsing and hashing, then probing: at ten
 * million accounts each probe misses the cache, and misses that do not depend on each other overlap.
 */
export class BlockMatcher {
  readonly #index: KeyedAddressIndex;
  readonly #parser = new CredentialParser();
  readonly #fingerprints = new KeyedHash(false);
  readonly #places: readonly Place[] = Array.from({ length: maxBlockLines }, () => ({
    line: 0,
    low: 0,
    high: 0,
    addressStart: 0,
    addressEnd: 0,
    passwordStart: 0,
    passwordEnd: 0,
    passwordHasDoubledQuotes: false,
    placeStart: 0,
    placeEnd: 0,
  }));

  constructor(index: KeyedAddressIndex) {
    this.#index = index;
  }

  match(block: LineBlock): ListSlice<CredentialHit> {
    const refused: Partial<Record<RefusalReason, number>> = {};
    const accepted = this.#parseAll(block, refused);
    return { rows: this.#probeAll(block.bytes, accepted), accepted, refused, mark: block.mark() };
  }

  #parseAll(block: LineBlock, refused: Partial<Record<RefusalReason, number>>): number {
    const { bytes, count, starts, ends, faults } = block;
    const parser = this.#parser;
    const { hash } = this.#index;
    let accepted = 0;
    for (let line = 0; line < count; line += 1) {
      const fault = faults[line] as number;
      const reason =
        fault === 0
          ? parser.parse(bytes, starts[line] as number, ends[line] as number)
          : (lineFaults[fault - 1] as RefusalReason);
      if (reason !== null) {
        refused[reason] = (refused[reason] ?? 0) + 1;
        continue;
      }
      hash.update(bytes, parser.addressStart, parser.addressEnd);
      const place = this.#places[accepted] as Place;
      place.line = block.firstLine + line;
      place.low = hash.low;
      place.high = hash.high;
      place.addressStart = parser.addressStart;
      place.addressEnd = parser.addressEnd;
      place.passwordStart = parser.passwordStart;
      place.passwordEnd = parser.passwordEnd;
      place.passwordHasDoubledQuotes = parser.passwordHasDoubledQuotes;
      place.placeStart = parser.placeStart;
      place.placeEnd = parser.placeEnd;
      accepted += 1;
    }
    return accepted;
  }

  #probeAll(bytes: Uint8Array, accepted: number): readonly CredentialHit[] {
    const hits: CredentialHit[] = [];
    for (let at = 0; at < accepted; at += 1) {
      const place = this.#places[at] as Place;
      if (!this.#index.has(place.low, place.high)) continue;
      const { address, password, place: whatFor } = textOfCredential(place, bytes);
      const fingerprint = this.#fingerprints.hexOf(Buffer.from(password, 'utf8'));
      hits.push({ line: place.line, address, password, fingerprint, namesMailbox: namesMailbox(whatFor, address) });
    }
    return hits;
  }
}
