import type { OperatorId } from '../shared/ids.ts';
import type { DrillFigures } from './drill-report.ts';

/** One made-up person as the drill's own directory and mailbox show them, and the truth that the product was not told. */
export interface SeenPerson {
  readonly id: string;
  /** `wrong`: named by mistake. `right`: a thief has the password. `bystander`: named by nothing. */
  readonly truth: 'wrong' | 'right' | 'bystander';
  /** Kinds of the letters that lie in the mailbox, oldest first. */
  readonly letters: readonly string[];
  /** At the halt the stored password was not the one from before. */
  readonly wasContained: boolean;
  /** Now it is, byte for byte. */
  readonly hashIsBack: boolean;
}

export interface SeenHalt {
  readonly by: string;
  readonly isPerson: boolean;
  readonly haltMs: number;
  readonly lastDotMs: number;
  readonly dotsAfter: number;
  readonly inFlight: number;
  readonly toldBefore: number;
}

export interface SeenDrill {
  readonly people: readonly SeenPerson[];
  readonly strayMails: number;
  /** Null where nobody halted. */
  readonly halt: SeenHalt | null;
  /** Whose yes the retraction started on. */
  readonly approvedBy: readonly { readonly id: OperatorId; readonly isPerson: boolean }[];
  /** Accounts of the retraction that are in no terminal state. */
  readonly remainder: number;
  readonly ledgerIsWhole: boolean;
}

/** After a halt has committed the last dot follows within a second (I10). */
const lastDotAtMostMs = 1_000;
/** Two of those who would have to say yes in earnest. */
const approversNeeded = 2;
/** Named in a reason; the figures count all of them. */
const namedAtMost = 5;

type Counted = Pick<
  DrillFigures,
  'named' | 'bystanders' | 'contained' | 'restored' | 'kept' | 'corrected' | 'wrong'
> & {
  readonly told: number;
};

/** Holds a drill that ran to its end against its ground truth. No reasons: it is passed. */
export function judgeDrill(seen: SeenDrill): { readonly counts: Counted; readonly reasons: readonly string[] } {
  const faults = seen.people.flatMap((person) => {
    const fault = faultOf(person);
    return fault === null ? [] : [`${person.id} ${fault}`];
  });
  const reasons = [
    ...haltReasons(seen.halt, seen.people),
    ...approvalReasons(seen.approvedBy),
    ...(faults.length === 0
      ? []
      : [`people who are not as they have to be: ${faults.length}, first: ${faults.slice(0, namedAtMost).join('; ')}`]),
    ...(seen.strayMails === 0 ? [] : [`mails to addresses that nobody of the drill has: ${seen.strayMails}`]),
    ...(seen.remainder === 0 ? [] : [`accounts of the retraction in no terminal state: ${seen.remainder}`]),
    ...(seen.ledgerIsWhole ? [] : ['the ledger of the drill is not whole']),
  ];
  return { counts: countsOf(seen.people, faults.length), reasons };
}

function haltReasons(halt: SeenHalt | null, people: readonly SeenPerson[]): readonly string[] {
  if (halt === null) return ['nobody halted before everybody was told'];
  const named = people.filter((person) => person.truth !== 'bystander').length;
  return [
    ...(halt.isPerson ? [] : [`it was halted by ${halt.by}, and by no person`]),
    ...(halt.toldBefore > 0 && halt.toldBefore < named
      ? []
      : [`it was not halted in the middle: ${halt.toldBefore} of ${named} had been told`]),
    ...(halt.dotsAfter <= halt.inFlight
      ? []
      : [`after the halt ${halt.dotsAfter} mails left, with ${halt.inFlight} in flight`]),
    ...(halt.lastDotMs <= lastDotAtMostMs
      ? []
      : [`the last mail left ${halt.lastDotMs} ms after the halt; ${lastDotAtMostMs} are allowed`]),
  ];
}

function approvalReasons(approvedBy: SeenDrill['approvedBy']): readonly string[] {
  const people = approvedBy.filter((one) => one.isPerson);
  return people.length >= approversNeeded
    ? []
    : [`the retraction was approved by ${people.length} people; a drill is for ${approversNeeded}`];
}

/** Null where everything is as it has to be. A person may have sent the holding correction in between. */
function faultOf({ truth, letters, wasContained, hashIsBack }: SeenPerson): string | null {
  const got = letters.filter((letter) => letter !== 'holding').join(' ');
  const holdings = letters.length - letters.filter((letter) => letter !== 'holding').length;
  if (truth === 'bystander') {
    if (letters.length > 0) return `is named by nothing and got "${letters.join(' ')}"`;
    return wasContained || !hashIsBack ? 'is named by nothing and lost the password' : null;
  }
  const wasTold = letters.includes('notice');
  // Whoever was rightly told hears again only where somebody had written that we are checking (ADR 0008).
  const dueRight = holdings > 0 ? 'notice confirmed' : 'notice';
  const due = !wasTold ? '' : truth === 'wrong' ? 'notice final' : dueRight;
  if (got !== due) return `got "${letters.join(' ')}" and was due "${due}"`;
  if (holdings > (wasTold ? 1 : 0)) return `got ${holdings} holding corrections`;
  if (truth === 'wrong') return hashIsBack ? null : 'was named by mistake and lacks the old password';
  return wasContained === hashIsBack ? 'has the password back that a thief has' : null;
}

function countsOf(people: readonly SeenPerson[], wrong: number): Counted {
  const count = (of: (person: SeenPerson) => boolean): number => people.filter(of).length;
  return {
    named: count((person) => person.truth !== 'bystander'),
    bystanders: count((person) => person.truth === 'bystander'),
    contained: count((person) => person.wasContained),
    told: count((person) => person.letters.includes('notice')),
    restored: count((person) => person.wasContained && person.hashIsBack),
    kept: count((person) => person.wasContained && !person.hashIsBack),
    corrected: count((person) => person.letters.includes('final')),
    wrong,
  };
}
