import type { CheckFinding } from './finding.ts';
import { doubtful, failing, sound } from './finding.ts';

/** What the last `directory test` on this machine found. */
export interface CanaryResult {
  readonly at: string;
  readonly directory: string;
  readonly account: string;
  readonly whole: boolean;
  readonly failed: number;
  readonly untried: number;
  /** The code and the mapping that it was run under. */
  readonly codeVersion: string;
}

export interface CanaryInput {
  readonly environment: 'sample' | 'staging' | 'production';
  readonly directory: string;
  /** The account that the configuration names, or null. */
  readonly configured: string | null;
  readonly last: CanaryResult | null;
  readonly codeVersion: string;
  readonly now: Date;
}

/** Services change under us: a month is about as long as a sign-in page stays as it was. */
const oldDays = 30;
const dayMs = 86_400_000;

/** Whether this directory was lately seen to refuse a quarantined password, and to take it back. */
export function judgeCanary({ environment, directory, configured, last, codeVersion, now }: CanaryInput): CheckFinding {
  const check = 'canary';
  const account = configured ?? 'ACCOUNT';
  const again = `Run: allclear directory test --canary ${account} --password-file FILE --sign-in PROGRAM. See docs/recipes/your-own-table.md.`;
  if (last === null || last.directory !== directory) {
    if (environment === 'sample') return sound(check, `${directory} was not tested, which is not asked of a sample`);
    const seen = `nobody tested ${directory} from this machine: whether a quarantined password is refused there is not known`;
    const named =
      configured === null ? 'Make an account that belongs to nobody, and name it in ALLCLEAR_DIRECTORY_CANARY. ' : '';
    return doubtful(check, seen, `${named}${again}`);
  }
  const days = Math.floor((now.getTime() - Date.parse(last.at)) / dayMs);
  const seen = `account ${last.account} of ${directory}, ${days === 0 ? 'today' : `${days} days ago`}`;
  if (!last.whole)
    return failing(check, `${seen}: ${last.failed} checks failed`, `Contain nobody before it is mended. ${again}`);
  if (last.codeVersion !== codeVersion)
    return doubtful(check, `${seen}: passed, under another version of Allclear or of the mapping`, again);
  if (days >= oldDays) return doubtful(check, `${seen}: passed, and ${oldDays} days are long`, again);
  if (last.untried > 0 && environment !== 'sample')
    return doubtful(
      check,
      `${seen}: passed, and ${last.untried} checks were not tried`,
      `Let it sign in for real. ${again}`,
    );
  return sound(check, `${seen}: passed`);
}
