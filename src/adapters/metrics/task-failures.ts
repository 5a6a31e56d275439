import { Failure } from '../../domain/shared/failure.ts';
import type { Metrics } from './metrics.ts';

/** Counts the failures of regular tasks by their code; what is no `Failure` is `other`. */
export function countTaskFailures(metrics: Metrics): (task: string, error: unknown) => void {
  const failures = metrics.tally('allclear_task_failures_total', 'Regular tasks that failed and try again, by why.', [
    'task',
    'code',
  ]);
  return (task, error) => failures.add({ task, code: error instanceof Failure ? error.code : 'other' });
}
