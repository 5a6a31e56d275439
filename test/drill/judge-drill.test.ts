import { describe, expect, test } from 'vitest';
import { judgeDrill } from '../../src/domain/drill/judge-drill.ts';
import type { SeenDrill, SeenPerson } from '../../src/domain/drill/judge-drill.ts';

const wrong: SeenPerson = {
  id: 'a',
  truth: 'wrong',
  letters: ['notice', 'final'],
  wasContained: true,
  hashIsBack: true,
};
const untouched: SeenPerson = { id: 'b', truth: 'wrong', letters: [], wasContained: false, hashIsBack: true };
const right: SeenPerson = {
  id: 'c',
  truth: 'right',
  letters: ['notice'],
  wasContained: true,
  hashIsBack: false,
};
const bystander: SeenPerson = { id: 'd', truth: 'bystander', letters: [], wasContained: false, hashIsBack: true };
const sound: SeenDrill = {
  people: [wrong, untouched, right, bystander],
  strayMails: 0,
  halt: { by: 'operator_2', isPerson: true, haltMs: 40, lastDotMs: 30, dotsAfter: 2, inFlight: 8, toldBefore: 2 },
  approvedBy: [
    { id: 'operator_1', isPerson: true },
    { id: 'operator_2', isPerson: true },
  ],
  remainder: 0,
  ledgerIsWhole: true,
};
const halt = sound.halt as NonNullable<SeenDrill['halt']>;
const withPerson = (person: SeenPerson): SeenDrill => ({ ...sound, people: [person, untouched, right, bystander] });
const withBystander = (person: SeenPerson): SeenDrill => ({ ...sound, people: [wrong, untouched, right, person] });

describe('a drill in which everybody is as they have to be', () => {
  test('is passed, also with the holding correction in between', () => {
    expect(judgeDrill(sound)).toMatchObject({ reasons: [], counts: { told: 2, restored: 1, kept: 1, corrected: 1 } });
    expect(judgeDrill(withPerson({ ...wrong, letters: ['notice', 'holding', 'final'] })).reasons).toEqual([]);
    const kept: SeenPerson = { ...right, id: 'e', letters: ['notice', 'holding', 'confirmed'] };
    expect(judgeDrill(withPerson(kept)).reasons).toEqual([]);
  });
});

describe('a drill is not passed when', () => {
  const cases: readonly (readonly [string, SeenDrill])[] = [
    ['somebody wrongly hit lacks the old password', withPerson({ ...wrong, hashIsBack: false })],
    ['somebody wrongly told was not corrected', withPerson({ ...wrong, letters: ['notice'] })],
    ['somebody was corrected twice', withPerson({ ...wrong, letters: ['notice', 'final', 'final'] })],
    ['somebody was told twice', withPerson({ ...wrong, letters: ['notice', 'notice', 'final'] })],
    [
      'somebody was told "we are checking" twice',
      withPerson({ ...wrong, letters: ['notice', 'holding', 'holding', 'final'] }),
    ],
    ['somebody who was told nothing got a correction', withPerson({ ...untouched, letters: ['final'] })],
    ['a thief has the password back', withPerson({ ...right, id: 'e', hashIsBack: true })],
    ['a victim was told that it was our mistake', withPerson({ ...right, id: 'e', letters: ['notice', 'final'] })],
    [
      'a victim was told "we are checking" and nothing more',
      withPerson({ ...right, id: 'e', letters: ['notice', 'holding'] }),
    ],
    ['a bystander got a letter', withBystander({ ...bystander, id: 'e', letters: ['notice'] })],
    ['a bystander lost the password', withBystander({ ...bystander, id: 'e', hashIsBack: false })],
    ['a mail went to anybody else', { ...sound, strayMails: 1 }],
    ['nobody halted', { ...sound, halt: null }],
    ['a gate halted, and no person', { ...sound, halt: { ...halt, by: 'gate', isPerson: false } }],
    ['everybody had been told at the halt', { ...sound, halt: { ...halt, toldBefore: 3 } }],
    ['nobody had been told at the halt', { ...sound, halt: { ...halt, toldBefore: 0 } }],
    ['mail left more than a second after the halt', { ...sound, halt: { ...halt, lastDotMs: 1_001 } }],
    ['more mails left than were in flight', { ...sound, halt: { ...halt, dotsAfter: 9 } }],
    ['one person alone approved', { ...sound, approvedBy: sound.approvedBy.slice(0, 1) }],
    [
      'the second yes was made up',
      {
        ...sound,
        approvedBy: [
          { id: 'operator_1', isPerson: true },
          { id: 'operator_9', isPerson: false },
        ],
      },
    ],
    ['an account is in no terminal state', { ...sound, remainder: 1 }],
    ['its ledger is not whole', { ...sound, ledgerIsWhole: false }],
  ];
  test.each(cases)('%s', (_, seen) => {
    expect(judgeDrill(seen).reasons).toHaveLength(1);
  });
});
