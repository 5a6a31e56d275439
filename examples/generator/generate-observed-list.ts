import type { Person } from '../chirp/population/ground-truth.ts';
import { makeRandom } from '../chirp/random.ts';

export interface ObservedListOptions {
  readonly seed: number;
  readonly people: readonly Person[];
  /** Accounts that the rule names. */
  readonly accounts: number;
  /** Share of them that a thief is really inside of: 1 for a perfect rule, 0 for the accident of 2014. */
  readonly trueShare: number;
  readonly rule: string;
  /** When the events were seen. */
  readonly from: Date;
  readonly until: Date;
  /** Rows of dirt per row of evidence. */
  readonly dirtShare?: number;
}

export const observedDirtKinds = ['unknown-account', 'duplicate', 'bad-time', 'missing-field', 'empty'] as const;
export type ObservedDirtKind = (typeof observedDirtKinds)[number];

export interface ObservedListTruth {
  /** Rows under the header, dirt included. */
  readonly rows: number;
  /** Accounts named by a sound row that are really compromised. */
  readonly compromised: ReadonlySet<string>;
  /** Accounts named by a sound row, wrongly. */
  readonly innocent: ReadonlySet<string>;
  readonly dirt: Readonly<Record<ObservedDirtKind, number>>;
}

export const observedHeader = 'account_id,event_id,time,rule';

const mostEventsPerAccount = 3;
const defaultDirtShare = 0.03;
const badTimes = ['yesterday', '2026-13-45T00:00:00Z', '0000-00-00', '', '1e99'];

/**
 * What a service's own rule saw: one CSV row per event. Rows refused for a bad time or a missing field name accounts that
 * no sound row names, so that a reader which takes them is found out. The same options give the same text.
 */
export function generateObservedList(options: ObservedListOptions): {
  readonly csv: string;
  readonly truth: ObservedListTruth;
} {
  const random = makeRandom(options.seed, 'observed-list');
  const shuffled = random.shuffle(options.people);
  const named = shuffled.slice(0, options.accounts);
  const others = shuffled.slice(options.accounts);
  const trueCount = Math.round(named.length * options.trueShare);
  const spanMs = options.until.getTime() - options.from.getTime();

  const eventId = (): string => `evt_${random.text(20)}`;
  const time = (): string => new Date(options.from.getTime() + Math.floor(random.next() * spanMs)).toISOString();

  const sound = named.flatMap((person) =>
    Array.from(
      { length: 1 + random.below(mostEventsPerAccount) },
      () => `${person.accountId},${eventId()},${time()},${options.rule}`,
    ),
  );
  const dirt = Object.fromEntries(observedDirtKinds.map((kind) => [kind, 0])) as Record<ObservedDirtKind, number>;
  function makeDirt(kind: ObservedDirtKind): string {
    const unnamed = others.length === 0 ? random.text(32) : random.pick(others).accountId;
    dirt[kind] += 1;
    switch (kind) {
      case 'unknown-account':
        return `${random.text(32)},${eventId()},${time()},${options.rule}`;
      case 'duplicate':
        return sound.length === 0 ? '' : random.pick(sound);
      case 'bad-time':
        return `${unnamed},${eventId()},${random.pick(badTimes)},${options.rule}`;
      case 'missing-field':
        return random.pick([`${unnamed},${eventId()}`, `,${eventId()},${time()},${options.rule}`]);
      case 'empty':
        return '';
    }
  }
  const share = options.dirtShare ?? defaultDirtShare;
  const dirtRows = share === 0 ? 0 : Math.max(observedDirtKinds.length, Math.round(sound.length * share));
  const dirty = Array.from({ length: dirtRows }, (_, index) =>
    makeDirt(observedDirtKinds[index % observedDirtKinds.length]!),
  );
  const rows = random.shuffle([...sound, ...dirty]);

  return {
    csv: `${[observedHeader, ...rows].join('\n')}\n`,
    truth: {
      rows: rows.length,
      compromised: new Set(named.slice(0, trueCount).map((person) => person.accountId)),
      innocent: new Set(named.slice(trueCount).map((person) => person.accountId)),
      dirt,
    },
  };
}
