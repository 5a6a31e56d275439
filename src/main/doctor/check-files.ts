import { existsSync } from 'node:fs';
import { readdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CheckFinding } from '../../app/doctor/finding.ts';
import { doubtful, failing, sound } from '../../app/doctor/finding.ts';
import type { Config } from '../../config/config.ts';

/** A day of ledger, checkpoints and dot files of a large plan; below, whoever runs it has little time left to act. */
const lowBytes = 1_000_000_000;
const fullBytes = 100_000_000;
const lowShare = 0.1;
const othersMask = 0o077;

/** Whether a HALT file stands in the way, and whether it could be seen at all. */
export async function checkHaltFile({ stateDir }: Config): Promise<CheckFinding> {
  const check = 'halt file';
  const path = join(stateDir, 'HALT');
  const why = await readdir(stateDir).then(
    () => null,
    (cause: NodeJS.ErrnoException) => cause.code ?? 'unknown',
  );
  if (why === 'ENOENT') return doubtful(check, `${stateDir} is not there yet`, 'The server and each worker make it.');
  if (why !== null)
    return failing(
      check,
      `${stateDir} cannot be read (${why}): everything counts as halted`,
      'Give the folder back to the user that Allclear runs as.',
    );
  return existsSync(path)
    ? failing(
        check,
        `${path} is there: nothing is sent from this host`,
        'Remove it when you know why it was made, then start server and workers anew: it latches.',
      )
    : sound(check, `none in ${stateDir}`);
}

export async function checkDisks(config: Config): Promise<readonly CheckFinding[]> {
  const folders = [
    ['disk of home', config.home],
    ['disk of state', config.stateDir],
    ['disk of data', join(config.home, 'data')],
  ] as const;
  const findings: CheckFinding[] = [];
  for (const [check, folder] of folders) {
    if (check === 'disk of data' && !existsSync(folder)) continue;
    findings.push(await checkDisk(check, folder));
  }
  return findings;
}

async function checkDisk(check: string, folder: string): Promise<CheckFinding> {
  let found: string = folder;
  while (!existsSync(found) && dirname(found) !== found) found = dirname(found);
  const { bavail, blocks, bsize } = await statfs(found);
  return judgeDisk(check, folder, bavail * bsize, blocks * bsize);
}

export function judgeDisk(check: string, folder: string, freeBytes: number, allBytes: number): CheckFinding {
  const seen = `${(freeBytes / 1e9).toFixed(1)} GB of ${(allBytes / 1e9).toFixed(1)} GB are free for ${folder}`;
  const mend = 'Make room: with a full disk no checkpoint, no dot file and no ledger entry is written, and all stops.';
  if (freeBytes < fullBytes) return failing(check, seen, mend);
  return freeBytes < lowBytes || freeBytes < allBytes * lowShare ? doubtful(check, seen, mend) : sound(check, seen);
}

/** A key file that is there and that nobody else on this machine may read; null where it is sound. */
export async function checkPrivateFile(check: string, path: string): Promise<CheckFinding | null> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => cause.code ?? 'unknown');
  if (typeof found === 'string')
    return failing(
      check,
      `${path} cannot be read (${found})`,
      'Put it back from your copy, mode 0600. See docs/runbooks/lost-key.md.',
    );
  if ((found.mode & othersMask) === 0) return null;
  return failing(check, `others on this machine may read ${path}`, `Run: chmod 600 ${path}`);
}
