import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'vitest';

/**
 * A suite that needs a server or tool of the machine, found by its command on PATH. Where it is missing the suite is
 * skipped and says what for; with `CI=true` it fails, so that a skip on a laptop never becomes a hole in the gate.
 */
export function describeIfInstalled(command: string, why: string, suite: () => void): void {
  const reason = `needs ${command}, which is not installed here: ${why}. Run: scripts/install-test-servers.sh`;
  describeIf(isInstalled(command), command, reason, suite);
}

/** As above, for what a machine allows or not: to mount a small disk, to be root. */
export function describeIf(isPossible: boolean, name: string, reason: string, suite: () => void): void {
  if (isPossible) {
    describe(name, suite);
    return;
  }
  if (process.env['CI'] === 'true') {
    it(reason, () => {
      throw new Error(reason);
    });
    return;
  }
  // oxlint-disable-next-line vitest/no-disabled-tests -- the one place where a skip is decided, and it says why
  describe.skip(reason, suite);
}

function isInstalled(command: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.some((folder) => {
    try {
      accessSync(path.join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
