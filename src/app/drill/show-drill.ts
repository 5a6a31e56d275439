import { standingInWords } from '../../domain/drill/drill-standing.ts';
import type { DrillRule, DrillStanding } from '../../domain/drill/drill-standing.ts';
import type { DrillProgress } from '../../domain/drill/drill-report.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { DrillId } from '../../domain/shared/ids.ts';
import type { StoredDrill } from '../ports/drill-store.ts';
import type { Store } from '../ports/store.ts';
import { readDrillStanding } from './read-drill-standing.ts';

export interface ShowDrillDeps {
  readonly store: Store;
  readonly drillRule: DrillRule;
  /** Of the drill that runs beside this server; null for any other. */
  readonly progressOf: (drill: DrillId) => DrillProgress | null;
}

export interface ShownDrill extends StoredDrill {
  readonly progress: DrillProgress | null;
}

export interface ListedDrills {
  readonly standing: DrillStanding['kind'];
  readonly inWords: string;
  readonly lastPassedAt: Date | null;
  /** When the right to start lapses, or lapsed; null where no drill is asked for, or none was ever passed. */
  readonly until: Date | null;
  /** Newest first. */
  readonly drills: readonly StoredDrill[];
}

/** One drill; null names the newest. `Failure('not-found')`. */
export async function showDrill(deps: ShowDrillDeps, drill: DrillId | null): Promise<ShownDrill> {
  const found = await deps.store.transact(async (tx) =>
    drill === null ? ((await tx.drills.list(1))[0] ?? null) : tx.drills.read(drill),
  );
  if (found === null)
    throw new Failure(
      'not-found',
      drill === null ? 'There was no drill yet. To begin one: allclear drill begin' : `There is no ${drill}.`,
    );
  return { ...found, progress: deps.progressOf(found.drill) };
}

/** The last drills, and what they mean for the next start. */
export async function listDrills(deps: Omit<ShowDrillDeps, 'progressOf'>, limit: number): Promise<ListedDrills> {
  return deps.store.transact(async (tx) => {
    const standing = await readDrillStanding(tx, deps.drillRule);
    return {
      standing: standing.kind,
      inWords: standingInWords(standing),
      lastPassedAt: standing.kind === 'not-asked' ? null : standing.lastPassedAt,
      until: standing.kind === 'not-asked' ? null : standing.until,
      drills: await tx.drills.list(limit),
    };
  });
}
