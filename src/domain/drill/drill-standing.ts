import { assertNever } from '../shared/assert-never.ts';

/** How long a passed drill carries the right to start, and from which day on people are warned. Days. */
export interface DrillRule {
  readonly everyDays: number;
  readonly warnDays: number;
}

/** People change, and forget, within a quarter; two weeks are time enough to find an hour for the next drill. */
export const standardDrillRule: DrillRule = { everyDays: 90, warnDays: 75 };

const dayMs = 86_400_000;

export interface DrillQuestion {
  readonly environment: string;
  /** When the last passed drill ended; null where none was ever passed. */
  readonly lastPassedAt: Date | null;
  /** For a deployment that was there before drills were: when it heard of them. Null for every later one. */
  readonly countedFrom: Date | null;
  /** The database's clock. */
  readonly now: Date;
}

/** Whether a rollout may be started, as far as drills go. `until`: when the right lapses or lapsed. */
export type DrillStanding =
  /** A sample concerns nobody. */
  | { readonly kind: 'not-asked' }
  | { readonly kind: 'fresh' | 'due-soon' | 'lapsed'; readonly lastPassedAt: Date | null; readonly until: Date }
  | { readonly kind: 'never'; readonly lastPassedAt: null; readonly until: null };

export function judgeDrillStanding(rule: DrillRule, question: DrillQuestion): DrillStanding {
  const { environment, lastPassedAt, countedFrom, now } = question;
  if (environment === 'sample') return { kind: 'not-asked' };
  const from = lastPassedAt ?? countedFrom;
  if (from === null) return { kind: 'never', lastPassedAt: null, until: null };
  const until = new Date(from.getTime() + rule.everyDays * dayMs);
  const ageMs = now.getTime() - from.getTime();
  const kind = now >= until ? 'lapsed' : ageMs >= rule.warnDays * dayMs ? 'due-soon' : 'fresh';
  return { kind, lastPassedAt, until };
}

export function mayStart(standing: DrillStanding): boolean {
  return standing.kind !== 'lapsed' && standing.kind !== 'never';
}

/** One sentence for doctor, status and refusals. */
export function standingInWords(standing: DrillStanding): string {
  switch (standing.kind) {
    case 'not-asked':
      return 'a sample needs no drill';
    case 'never':
      return 'no drill of halt and reversal was ever passed here: no rollout can be started';
    case 'fresh':
    case 'due-soon':
    case 'lapsed': {
      const last =
        standing.lastPassedAt === null
          ? 'no drill was ever passed here'
          : `the last drill was passed on ${dayOf(standing.lastPassedAt)}`;
      const right =
        standing.kind === 'lapsed' ? 'the right to start a rollout lapsed' : 'a rollout can be started until';
      return `${last}; ${right} ${standing.kind === 'lapsed' ? 'on ' : ''}${dayOf(standing.until)}`;
    }
    default:
      return assertNever(standing);
  }
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
