import { Failure } from '../domain/shared/failure.ts';
import { requireTotal } from './require-ids.ts';

export interface ConfirmFlags {
  readonly yes?: boolean;
  readonly total?: string;
}

export const confirmOptions = [
  ['--yes', 'do it; without it the command only shows what it would do'],
  ['--total <n>', 'how many it would concern, as you read it'],
] as const;

/**
 * Lets what acts go on only with `--yes --total N`, and N as it is now. Called after the dry run was shown; throws
 * `needs-confirmation` (exit 3) or `total-mismatch`.
 */
export function confirmAct(flags: ConfirmFlags, total: number, again: string): void {
  if (flags.yes !== true) {
    throw new Failure('needs-confirmation', `Nothing was done. To do this: ${again} --yes --total ${total}`, { total });
  }
  const typed = requireTotal(flags.total);
  if (typed !== total) {
    throw new Failure(
      'total-mismatch',
      `It would concern ${total}, not ${typed}. Nothing was done. Find out why before you type another number.`,
      { total, typed },
    );
  }
}
