import { describe, expect, it } from 'vitest';
import { groundTruth, passwordOf } from '../../examples/chirp/population/ground-truth.ts';
import { isSamePassword } from '../../examples/chirp/population/password-pool.ts';
import { generateCredentialList } from '../../examples/generator/generate-credential-list.ts';
import { makeListReader } from '../../src/adapters/list/list-reader.ts';

const { people } = groundTruth(7, 12_000);
const byAddress = new Map(people.map((person) => [person.address, person]));

describe('a dirty list of a hundred thousand lines, glued from files of every form', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'names each account beside its working password on the very lines where they stand, and nobody else (seed %i)',
    async (seed) => {
      const list = generateCredentialList({ lines: 100_000, seed, people, shares: { right: 0.2, trap: 0.05 } });
      const reader = makeListReader();
      const index = reader.newAddressIndex('ascii-lower');
      for (const address of byAddress.keys()) index.add(address);

      const met = new Set<string>();
      const works = new Map<string, number[]>();
      let ofNobody = 0;
      for await (const slice of reader.readCredentials(list.chunks, index, 0)) {
        for (const { line, address, password } of slice.rows) {
          const person = byAddress.get(address.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()));
          if (person === undefined) {
            ofNobody += 1;
            continue;
          }
          met.add(person.accountId);
          const current = passwordOf(person);
          if (current === null || !isSamePassword(password, current)) continue;
          const lines = works.get(person.accountId);
          if (lines === undefined) works.set(person.accountId, [line]);
          else lines.push(line);
        }
      }

      const truth = list.truth();
      // A look-alike or a variant of an address is nobody's; a hash or broken text beside an address is no password.
      for (const trap of ['look-alike', 'near-address', 'hash-of-right', 'broken-password'] as const) {
        expect([trap, truth.kinds[trap] > 500]).toEqual([trap, true]);
      }
      expect(ofNobody).toBe(0);
      expect(truth.compromised.size).toBeGreaterThan(2_000);
      expect(works).toEqual(truth.compromised);
      expect(met).toEqual(truth.met);
    },
  );
});
