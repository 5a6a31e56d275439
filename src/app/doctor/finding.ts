/** What one look of `doctor` found. Nothing in it is a secret or names an account. */
export interface CheckFinding {
  readonly check: string;
  /** `fail`: something that is promised does not hold now. `warn`: it holds, and will not for long, or could not be looked at. */
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly seen: string;
  /** What to do about it; null where nothing is to be done. */
  readonly mend: string | null;
}

export function sound(check: string, seen: string): CheckFinding {
  return { check, verdict: 'ok', seen, mend: null };
}

export function doubtful(check: string, seen: string, mend: string): CheckFinding {
  return { check, verdict: 'warn', seen, mend };
}

export function failing(check: string, seen: string, mend: string): CheckFinding {
  return { check, verdict: 'fail', seen, mend };
}
