import type { WrittenStatement } from '../../app/statement/write-statement.ts';
import type { PlanId } from '../../domain/shared/ids.ts';
import type { Services } from '../services.ts';

/** A press day brings thousands of readers a minute, and each statement walks a ledger: all read one of this age. */
const freshMs = 30_000;
/** Plans of one deployment that are read about at once. */
const maxKept = 50;
/** In the history and its feeds; older ones keep their own pages. */
const mostInHistory = 20;

export interface StatementShelf {
  /** Null for a plan about which there is nothing to say in public. */
  read(plan: PlanId): Promise<WrittenStatement | null>;
  /** Newest plan first. */
  history(): Promise<readonly WrittenStatement[]>;
}

/** Public statements, each written anew at most every 30 s, whoever asks. A failure is not kept. */
export function makeStatementShelf(services: Pick<Services, 'publicStatement' | 'publicStatements'>): StatementShelf {
  const kept = new Map<PlanId, { readonly atMs: number; readonly statement: Promise<WrittenStatement | null> }>();
  let list: { readonly atMs: number; readonly plans: Promise<readonly PlanId[]> } | null = null;

  function read(plan: PlanId): Promise<WrittenStatement | null> {
    const nowMs = performance.now();
    const known = kept.get(plan);
    if (known !== undefined && nowMs - known.atMs < freshMs) return known.statement;
    const statement = services.publicStatement(plan);
    kept.delete(plan);
    kept.set(plan, { atMs: nowMs, statement });
    statement.catch(() => kept.delete(plan));
    const [oldest] = kept.keys();
    if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
    return statement;
  }

  async function plans(): Promise<readonly PlanId[]> {
    const nowMs = performance.now();
    if (list === null || nowMs - list.atMs >= freshMs) {
      const asked = { atMs: nowMs, plans: services.publicStatements(mostInHistory) };
      list = asked;
      asked.plans.catch(() => {
        if (list === asked) list = null;
      });
    }
    return list.plans;
  }

  return {
    read,
    async history() {
      const written: WrittenStatement[] = [];
      for (const plan of await plans()) {
        const statement = await read(plan);
        if (statement !== null) written.push(statement);
      }
      return written;
    },
  };
}
