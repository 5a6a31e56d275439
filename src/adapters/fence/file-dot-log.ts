import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { DotLog, DotMark, PermitDots } from '../../app/ports/dot-log.ts';
import type { Permit } from '../../domain/rollout/permit.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { readHostId } from './host-id.ts';
import { linkWhole } from './link-whole.ts';

const notTakenBack = 0x30;
const takenBack = 0x31;
const untouched = 0x30;
const dotIntended = 0x31;
/** A permit lends seconds; a holder that sleeps longer than this has lost its database connection too. */
const keptMs = 24 * 3_600_000;
/** Outcome bytes are stored above the two marks. */
const settledBase = 0x40;

/** Dot-intent files in `<stateDir>/dots`: byte 0 says whether the permit was taken back, byte 1 + i marks member i. */
export function makeFileDotLog(stateDir: string): DotLog {
  const folder = join(stateDir, 'dots');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const host = hostOf(folder);
  forgetOld(folder);

  function pathOf(permit: Permit): string {
    return join(folder, `${permit.rolloutNo}-${permit.track}-${permit.fromOrdinal}-${permit.attempt}`);
  }

  return {
    host,

    begin(permit) {
      const path = pathOf(permit);
      if (!linkWhole(path, Buffer.alloc(permit.size + 1, untouched))) {
        throw new Failure(
          'conflict',
          `A dot file of this permit is there already: ${path}. The permit was taken back.`,
        );
      }
      return permitDots(openSync(path, 'r+'));
    },

    takeBack(permit, permitHost) {
      if (permitHost !== host) return null;
      let fd: number;
      try {
        fd = openSync(pathOf(permit), 'r+');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return null;
        // The file is made before the first mail; a holder that made none sent none. Made here, taken back, so that it cannot be made later.
        const file = Buffer.concat([Buffer.of(takenBack), Buffer.alloc(permit.size, untouched)]);
        try {
          const isMade = linkWhole(pathOf(permit), file);
          return isMade ? Array.from({ length: permit.size }, () => 'untouched' as const) : null;
        } catch {
          // The folder went: whatever it held went with it.
          return null;
        }
      }
      try {
        writeSync(fd, Buffer.of(takenBack), 0, 1, 0);
        const marks = Buffer.alloc(permit.size);
        const read = readSync(fd, marks, 0, permit.size, 1);
        return Array.from(marks, (mark, index) => (index < read ? markOf(mark) : 'dot-intended'));
      } finally {
        closeSync(fd);
      }
    },

    discard(permit) {
      // One that was taken back stays: a holder that slept through all of it must still find it so when it begins.
      if (!isTakenBack(pathOf(permit))) rmSync(pathOf(permit), { force: true });
    },
  };
}

/** Written as it stands before every dot. */
const intent = Buffer.of(dotIntended);

function permitDots(fd: number): PermitDots {
  const flag = Buffer.alloc(1);
  const settled = Buffer.alloc(1);
  let open = true;
  return {
    intend(index) {
      if (!open) return false;
      writeSync(fd, intent, 0, 1, 1 + index);
      // Written first, read second; whoever takes the permit back does the reverse, so one of the two sees the other.
      return readSync(fd, flag, 0, 1, 0) === 1 && flag[0] === notTakenBack;
    },
    settle(index, outcomeByte) {
      if (!open) return;
      settled[0] = settledBase + outcomeByte;
      writeSync(fd, settled, 0, 1, 1 + index);
    },
    close() {
      if (!open) return;
      open = false;
      closeSync(fd);
    },
  };
}

function isTakenBack(path: string): boolean {
  try {
    return readFileSync(path)[0] === takenBack;
  } catch {
    return false;
  }
}

/** Removes what was taken back so long ago that no holder of it can be left. */
function forgetOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const ageMs = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
    if (ageMs > keptMs && isTakenBack(path)) rmSync(path, { force: true });
  }
}

function markOf(mark: number): DotMark {
  if (mark === untouched) return 'untouched';
  return mark >= settledBase ? { settledAs: mark - settledBase } : 'dot-intended';
}

/** The folder of the dot files and this boot of the host: after a reboot the unwritten pages of a dot file may be gone. */
function hostOf(folder: string): string {
  return `${readHostId(folder)}:${bootId()}`;
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown-boot';
  }
}
