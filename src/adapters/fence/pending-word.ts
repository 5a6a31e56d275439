import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Whether a halt is pending on this host, in one byte that every process reads in place. */
export interface PendingWord {
  /** Throws where it cannot be read, or is no longer the file that it was: then what it says is not known. */
  isSet(): boolean;
  /** From its return on it survives a crash of the host. */
  set(pending: boolean): void;
  close(): void;
}

export function openPendingWord(stateDir: string): PendingWord {
  const folder = join(stateDir, 'fence');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'pending');
  closeSync(openSync(path, 'a', 0o600));
  const fd = openSync(path, 'r+');
  const { ino } = fstatSync(fd);
  const byte = Buffer.alloc(1);
  // Its byte is there before it is needed: setting it then needs no room on the disk.
  if (readSync(fd, byte, 0, 1, 0) === 0) writeSync(fd, Buffer.alloc(1), 0, 1, 0);
  return {
    isSet() {
      if (statSync(path, { throwIfNoEntry: false })?.ino !== ino) throw new Error('the file of pending halts was lost');
      if (readSync(fd, byte, 0, 1, 0) !== 1) throw new Error('short file of pending halts');
      return byte[0] !== 0;
    },
    set(pending) {
      writeSync(fd, Uint8Array.of(pending ? 1 : 0), 0, 1, 0);
      fsyncSync(fd);
    },
    close() {
      closeSync(fd);
    },
  };
}
