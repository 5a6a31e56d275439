import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Fence } from '../../app/ports/fence.ts';
import type { Track } from '../../domain/shared/track.ts';
import { linkWhole } from './link-whole.ts';
import { openPendingWord } from './pending-word.ts';
import type { PendingWord } from './pending-word.ts';

const wordSize = 4;

/**
 * How far the wall clock may run ahead of the monotonic one between two looks. A machine that was suspended, or brought back
 * from a snapshot, has lost that time without its permits noticing: CLOCK_MONOTONIC stands still meanwhile.
 */
const largestGapMs = 2_000;

export interface FenceClock {
  /** Goes on while the machine sleeps. */
  wallMs(): number;
  /** Stands still while it sleeps. */
  monotonicMs(): number;
}

const systemClock: FenceClock = { wallMs: () => Date.now(), monotonicMs: () => performance.now() };

export interface FileFence extends Fence {
  /** Set while a halt was asked for on this host and is not yet in the database: nothing acts. */
  readonly pending: PendingWord;
  /** Told once per gap in this machine's time: what was heard before it may be stale. The fence is closed until `setRelayAlive(true)`. */
  onTimeLost(listener: () => void): void;
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
export function makeFileFence(stateDir: string, clock: FenceClock = systemClock): FileFence {
  const folder = join(stateDir, 'fence');
  const haltFile = join(stateDir, 'HALT');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pending = openPendingWord(stateDir);
  const open = new Map<string, { readonly fd: number; readonly ino: number }>();
  /** Files that were there and are no longer the same: what they said is gone, so nothing of them acts again here. */
  const lost = new Set<string>();
  const word = Buffer.alloc(wordSize);
  let relayAlive = true;
  let latched = false;
  let timeLost: () => void = () => undefined;
  let lastWallMs = clock.wallMs();
  let lastMonotonicMs = clock.monotonicMs();

  /** A wall clock that was merely set looks the same: then the database is read once in vain. */
  function lookForGap(): void {
    const wallMs = clock.wallMs();
    const monotonicMs = clock.monotonicMs();
    const gapMs = wallMs - lastWallMs - (monotonicMs - lastMonotonicMs);
    lastWallMs = wallMs;
    lastMonotonicMs = monotonicMs;
    if (gapMs <= largestGapMs) return;
    relayAlive = false;
    timeLost();
  }

  function pathOf(rolloutNo: number, track: Track): string {
    return `${folder}/${rolloutNo}-${track}`;
  }

  function descriptor(path: string): number {
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
    pending,

    mayAct(rolloutNo, track, epoch) {
      lookForGap();
      if (latched || !relayAlive) return false;
      try {
        // A HALT file that cannot be looked for lies in a folder that the two looks below cannot read either.
        if (existsSync(haltFile)) latched = true;
        if (latched || pending.isSet()) return false;
        const path = pathOf(rolloutNo, track);
        const through = haltedThrough(descriptor(path));
        return through < epoch && !lost.has(path);
      } catch {
        return false;
      }
    },

    close(rolloutNo, track, throughEpoch) {
      fence.ensure(rolloutNo, track);
      const fd = descriptor(pathOf(rolloutNo, track));
      if (haltedThrough(fd) >= throughEpoch) return;
      const next = Buffer.alloc(wordSize);
      next.writeUInt32LE(throughEpoch);
      writeSync(fd, next, 0, wordSize, 0);
      fsyncSync(fd);
    },

    ensure(rolloutNo, track) {
      const path = pathOf(rolloutNo, track);
      if (existsSync(path)) return;
      // In place whole: no reader ever sees a file of fewer than four bytes.
      linkWhole(path, Buffer.alloc(wordSize));
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

    onTimeLost(listener) {
      timeLost = listener;
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
      pending.close();
    },
  };
  return fence;
}
