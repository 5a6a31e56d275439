import type { ActionDeps } from '../action/action-deps.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';

export interface RetentionDeps extends ActionDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** How long addresses are kept after a plan's last restore date. */
  readonly keepAddressDays: number;
  /** Asked between two steps: a run that is told to stop leaves the rest to the next one. */
  readonly isStopping: () => boolean;
}
