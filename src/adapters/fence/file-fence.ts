import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Fence } from '../../app/ports/fence.ts';
import type { Track } from '../../domain/shared/track.ts';

const wordSize = 4;

export interface FileFence extends Fence {
  /** Whether halts of other hosts reach us now; false fences every sender of this process. */
  setRelayAlive(alive: boolean): void;
  /** Latches: from here on nothing of this host may act, until a person starts it anew. */
  latch(): void;
  /** Why nothing of this process may act now; both false while it may. */
  standing(): { readonly isHaltFile: boolean; readonly isRelayDead: boolean };
  stop(): void;
}

/**
 * Fence files in `<stateDir>/fence`, one of four bytes per track: the epoch through which it is halted. Any process of
 * this host reads the same page of memory, so a written halt is seen by the next read. `<stateDir>/HALT` halts all;
 * once seen it latches: deleting the file resumes nothing. A fence file that was lost fences its track in every process
 * that had read it, until that process is started anew.
 */
export function makeFileFence(stateDir: string): FileFence {
  const folder = join(stateDir, 'fence');
  const haltFile = join(stateDir, 'HALT');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const open = new Map<string, { readonly fd: number; readonly ino: number }>();
  /** Files that were there and are no longer the same: what they said is gone, so nothing of them acts again here. */
  const lost = new Set<string>();
  const word = Buffer.alloc(wordSize);
  let relayAlive = true;
  let latched = false;

  function pathOf(rolloutNo: number, track: Track): string {
    return join(folder, `${rolloutNo}-${track}`);
  }

  function descriptor(rolloutNo: number, track: Track): number {
    const path = pathOf(rolloutNo, track);
    const known = open.get(path);
    if (known !== undefined) {
      if (statSync(path, { throwIfNoEntry: false })?.ino === known.ino) return known.fd;
      lost.add(path);
      open.delete(path);
      closeSync(known.fd);
    }
    const fd = openSync(path, 'r+');
    open.set(path, { fd, ino: fstatSync(fd).ino });
    return fd;
  }

  function haltedThrough(fd: number): number {
    if (readSync(fd, word, 0, wordSize, 0) !== wordSize) throw new Error('short fence file');
    return word.readUInt32LE(0);
  }

  const fence: FileFence = {
    mayAct(rolloutNo, track, epoch) {
      if (latched || !relayAlive) return false;
      try {
        if (fence.haltFilePresent()) return false;
        const through = haltedThrough(descriptor(rolloutNo, track));
        return through < epoch && !lost.has(pathOf(rolloutNo, track));
      } catch {
        return false;
      }
    },

    close(rolloutNo, track, throughEpoch) {
      fence.ensure(rolloutNo, track);
      const fd = descriptor(rolloutNo, track);
      if (haltedThrough(fd) >= throughEpoch) return;
      const next = Buffer.alloc(wordSize);
      next.writeUInt32LE(throughEpoch);
      writeSync(fd, next, 0, wordSize, 0);
      fsyncSync(fd);
    },

    ensure(rolloutNo, track) {
      const path = pathOf(rolloutNo, track);
      if (existsSync(path)) return;
      // Linked in whole, so that no reader ever sees a file of fewer than four bytes.
      const whole = `${path}.${process.pid}.new`;
      const fd = openSync(whole, 'w', 0o600);
      writeSync(fd, Buffer.alloc(wordSize));
      closeSync(fd);
      try {
        linkSync(whole, path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      } finally {
        rmSync(whole, { force: true });
      }
    },

    haltFilePresent() {
      try {
        // Asked at every look, and nearly always not there: an exception each time would cost ten times the look.
        if (statSync(haltFile, { throwIfNoEntry: false }) === undefined) return latched || !existsSync(folder);
        latched = true;
        return true;
      } catch {
        return true;
      }
    },

    setRelayAlive(alive) {
      relayAlive = alive;
    },

    latch() {
      latched = true;
    },

    standing: () => ({ isHaltFile: latched || fence.haltFilePresent(), isRelayDead: !relayAlive }),

    stop() {
      latched = true;
      for (const { fd } of open.values()) closeSync(fd);
      open.clear();
    },
  };
  return fence;
}
