import type { PlanAction } from '../plan/frozen-plan.ts';

/** One number or time of a statement with where it comes from; null reads "not yet known". */
export interface StatementFact<Value> {
  readonly value: Value | null;
  /** A ledger chain and what of it was read, so that an auditor finds the same. */
  readonly source: string;
}

export interface StatementCounts {
  /** Notices that a mail server took. */
  readonly toldAccepted: StatementFact<number>;
  /** Notices that may have been taken: no reply was heard. */
  readonly toldUnknown: StatementFact<number>;
  /** People whose password was taken out of use, or whose sessions were ended. */
  readonly contained: StatementFact<number>;
  /** People who were written to that we are checking. */
  readonly holding: StatementFact<number>;
  /** People who were told of the mistake. */
  readonly corrected: StatementFact<number>;
  /** The same, where no reply was heard. */
  readonly correctedUnknown: StatementFact<number>;
  /** Passwords given back, or accounts let back in: by retractions and, after a suspension, by granted appeals. */
  readonly restored: StatementFact<number>;
  /** People whose appeal a person granted. */
  readonly granted: StatementFact<number>;
  /** People whose protection stays: evidence holds, or they chose a newer password themselves. */
  readonly kept: StatementFact<number>;
  readonly needsPerson: StatementFact<number>;
}

export interface StatementTimes {
  readonly started: StatementFact<Date>;
  readonly firstDispute: StatementFact<Date>;
  readonly halted: StatementFact<Date>;
  readonly holdingSent: StatementFact<Date>;
  readonly withdrawn: StatementFact<Date>;
  readonly corrected: StatementFact<Date>;
}

export interface Statement {
  readonly service: string;
  /** What the plan does, which decides on the words. */
  readonly action: PlanAction;
  readonly readAt: Date;
  readonly counts: StatementCounts;
  readonly times: StatementTimes;
  readonly cause: StatementFact<string>;
}

const notYetKnown = 'not yet known';

const causeWords: Readonly<Record<string, string>> = {
  'wrong-verdict': 'our check said that known passwords work on accounts on which they do not',
  'own-export': 'the list that we acted on was an export of our own, and had not left us',
  'rule-wrong': 'a rule of ours took ordinary sign-ins for those of an attacker',
  'source-doubted': 'we doubt the source that we acted on',
};

/** The same of a plan that suspends. */
const suspensionCauseWords: Readonly<Record<string, string>> = {
  'wrong-verdict': 'we judged single accounts wrongly',
  'own-export': 'the list that we acted on was an export of our own, and said nothing about these accounts',
  'rule-wrong': 'a rule of ours took ordinary use for what we do not allow',
  'source-doubted': 'we doubt the source that we acted on',
};

/** What differs between a reset and a suspension. */
const actionWords: Readonly<
  Record<
    PlanAction,
    { readonly told: string; readonly contained: string; readonly restored: string; readonly kept: string }
  >
> = {
  reset: {
    told: 'Told that their password was reset',
    contained: 'Password reset or signed out',
    restored: 'Given their password back',
    kept: 'Protection or own new password kept',
  },
  suspend: {
    told: 'Told that their account was suspended',
    contained: 'Suspended or signed out',
    restored: 'Let back into their account',
    kept: 'Suspension kept',
  },
};

/** The statement as text to publish (Markdown, English). Says no number that is not in `statement`. */
export function statementInWords(statement: Statement): string {
  const { counts, times, cause } = statement;
  const notes: string[] = [];
  const cite = (shown: string, source: string): string => {
    const known = notes.indexOf(source);
    return `${shown} [${known === -1 ? notes.push(source) : known + 1}]`;
  };
  const count = (fact: StatementFact<number>): string =>
    cite(fact.value === null ? notYetKnown : String(fact.value), fact.source);
  const time = (fact: StatementFact<Date>): string =>
    cite(fact.value === null ? notYetKnown : instantInWords(fact.value), fact.source);
  const said = actionWords[statement.action];
  const causeOf = statement.action === 'suspend' ? suspensionCauseWords : causeWords;
  const causes = cause.value === null ? notYetKnown : (causeOf[cause.value] ?? cause.value);
  return [
    `# What happened at ${statement.service}`,
    '',
    `As known on ${instantInWords(statement.readAt)}.`,
    '',
    '## How many people',
    '',
    `- ${said.told}: ${count(counts.toldAccepted)}; perhaps told, because no reply was heard: ${count(counts.toldUnknown)}.`,
    `- ${said.contained}: ${count(counts.contained)}.`,
    `- Written to that we are checking: ${count(counts.holding)}.`,
    `- Told of our mistake: ${count(counts.corrected)}; perhaps told: ${count(counts.correctedUnknown)}.`,
    `- ${said.restored}: ${count(counts.restored)}.`,
    `- Asked for a second look, and were right: ${count(counts.granted)}.`,
    `- ${said.kept}: ${count(counts.kept)}.`,
    `- Still to be looked at by a person: ${count(counts.needsPerson)}.`,
    '',
    '## When',
    '',
    `- Started: ${time(times.started)}.`,
    `- First reader said that it was not right: ${time(times.firstDispute)}.`,
    `- Halted: ${time(times.halted)}.`,
    `- First word that we were checking: ${time(times.holdingSent)}.`,
    `- Evidence withdrawn: ${time(times.withdrawn)}.`,
    `- Corrected: ${time(times.corrected)}.`,
    '',
    '## Why',
    '',
    `${cite(sentence(causes), cause.source)}`,
    '',
    '## Where this comes from',
    '',
    ...notes.map((source, index) => `${index + 1}. ${source}`),
    '',
  ].join('\n');
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function instantInWords(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
