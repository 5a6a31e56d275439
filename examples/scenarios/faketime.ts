import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const libraries = '/usr/lib';
const libraryName = 'faketime/libfaketimeMT.so.1';

/** Where Debian puts libfaketime for programs with threads; null where it is not installed. */
export function findFaketime(): string | null {
  for (const folder of readdirSync(libraries)) {
    if (!folder.endsWith('-linux-gnu')) continue;
    const path = join(libraries, folder, libraryName);
    if (readdirSync(join(libraries, folder)).includes('faketime')) return path;
  }
  return null;
}

/** The wall clock of one process and its children: what CLOCK_REALTIME, gettimeofday and time() say. */
export interface FakedClock {
  /** What the process has to be started with. */
  readonly env: Readonly<Record<string, string>>;
  /** From now on it is wrong by so many seconds, and goes on at its usual speed. */
  shift(seconds: number): void;
  /** From now on it stands still, at the right time. */
  freeze(): void;
}

/**
 * CLOCK_MONOTONIC and CLOCK_BOOTTIME are left as they are, as on a machine whose time somebody sets: moved back, they would end
 * any Node at once, and no real machine does that.
 */
export function makeFakedClock(library: string, file: string): FakedClock {
  const write = (text: string): void => writeFileSync(file, `${text}\n`, { mode: 0o644 });
  write('+0');
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
      // What `freeze` writes is read in the zone of the process.
      TZ: 'UTC',
    },
    shift: (seconds) => write(seconds < 0 ? String(seconds) : `+${seconds}`),
    freeze: () => write(new Date().toISOString().slice(0, 19).replace('T', ' ')),
  };
}
