import { standingInWords } from '../../domain/drill/drill-standing.ts';
import type { DrillRule } from '../../domain/drill/drill-standing.ts';
import { assertNever } from '../../domain/shared/assert-never.ts';
import { readDrillStanding } from '../drill/read-drill-standing.ts';
import type { Store } from '../ports/store.ts';
import type { CheckFinding } from './finding.ts';
import { doubtful, failing, sound } from './finding.ts';

const check = 'drill';
const mend =
  'Practise halt and reversal with the people who would do it: allclear drill begin. See docs/runbooks/drill.md.';

/** Whether the right to start stands on a recent drill, and for how long it still does. */
export async function checkDrill(store: Store, rule: DrillRule): Promise<CheckFinding> {
  const standing = await store.transact((tx) => readDrillStanding(tx, rule));
  const seen = standingInWords(standing);
  switch (standing.kind) {
    case 'not-asked':
    case 'fresh':
      return sound(check, seen);
    case 'due-soon':
    // A deployment that never started anything is not broken; it is not ready.
    case 'never':
      return doubtful(check, seen, mend);
    case 'lapsed':
      return failing(check, seen, mend);
    default:
      return assertNever(standing);
  }
}
