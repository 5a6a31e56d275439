import {
  closeSync,
  existsSync,
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
  stop(): void;
}

/**
 * Fence files in `<stateDir>/fence`, one of four bytes per track: the epoch through which it is halted. Any process of
 * this host reads the same page of memory, so a written halt is seen by the next read. `<stateDir>/HALT` halts all;
 * once seen it latches: deleting the file resumes nothing.
 */
export function makeFileFence(stateDir: string): FileFence {
  const folder = join(stateDir, 'fence');
  const haltFile = join(stateDir, 'HALT');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const open = new Map<string, number>();
  const word = Buffer.alloc(wordSize);
  let relayAlive = true;
  let latched = false;

  function pathOf(rolloutNo: number, track: Track): string {
    return join(folder, `${rolloutNo}-${track}`);
  }

  function descriptor(rolloutNo: number, track: Track): number {
    const path = pathOf(rolloutNo, track);
    const known = open.get(path);
    if (known !== undefined) return known;
    const fresh = openSync(path, 'r+');
    open.set(path, fresh);
    return fresh;
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
        return haltedThrough(descriptor(rolloutNo, track)) < epoch;
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
        statSync(haltFile);
        latched = true;
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return latched || !existsSync(folder);
        return true;
      }
    },

    setRelayAlive(alive) {
      relayAlive = alive;
    },

    latch() {
      latched = true;
    },

    stop() {
      latched = true;
      for (const fd of open.values()) closeSync(fd);
      open.clear();
    },
  };
  return fence;
}
