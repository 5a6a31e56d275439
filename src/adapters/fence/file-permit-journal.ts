import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { JournalEntry, PermitJournal } from '../../app/ports/permit-journal.ts';
import { isTrack } from '../../domain/shared/track.ts';
import { readHostId } from './host-id.ts';

/**
 * Several workers of a host write at once and not in the order of the chain. The newest entry lies among the last few:
 * each worker has a handful of permits at a time, and a line is below 300 bytes.
 */
const tailBytes = 65_536;
/** Room for the dot files and journal lines of the permits in hand, many times over. */
const leastFreeBytes = 4_000_000;
const closedLine = '{"closed":true}\n';

/**
 * Two lines per permit in `<stateDir>/permits/<rollout>.ndjson`, about 500 bytes for 100 people, kept for as long as the
 * folder is: 5 MB for a million people. Not synced: a crash of a process loses nothing of it, and only the loss of this host
 * together with a part of the database goes unnoticed here.
 */
export function makeFilePermitJournal(stateDir: string): PermitJournal {
  const folder = join(stateDir, 'permits');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const dots = join(stateDir, 'dots');
  mkdirSync(dots, { recursive: true, mode: 0o700 });
  /** What this process has read of each file: a look costs one stat while nothing was added. */
  const known = new Map<number, { readonly offset: number; readonly newest: JournalEntry | null }>();
  const pathOf = (rolloutNo: number): string => join(folder, `${rolloutNo}.ndjson`);

  function append(rolloutNo: number, line: string): void {
    const fd = openSync(pathOf(rolloutNo), 'a+', 0o600);
    try {
      // A line that a full disk cut short must not swallow the next one.
      const start = endsInLine(fd) ? '' : '\n';
      const bytes = Buffer.from(`${start}${line}`);
      if (writeSync(fd, bytes) !== bytes.length)
        throw Object.assign(new Error('a line of the permit journal was cut short'), { code: 'ENOSPC' });
    } finally {
      closeSync(fd);
    }
  }

  return {
    host: readHostId(dots),

    refusal() {
      try {
        const { bavail, bsize } = statfsSync(folder);
        const free = bavail * bsize;
        return free < leastFreeBytes ? `the disk of ${stateDir} is full: ${Math.floor(free / 1e3)} kB are free` : null;
      } catch (error) {
        return `${folder} cannot be looked at (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`;
      }
    },

    note(entry) {
      append(entry.rolloutNo, `${JSON.stringify(entry)}\n`);
    },

    newest(rolloutNo) {
      const seen = known.get(rolloutNo) ?? { offset: -1, newest: null };
      const added = readFrom(pathOf(rolloutNo), seen.offset);
      if (added === null) return seen.newest;
      let { newest } = added.isWhole ? { newest: null } : seen;
      if (added.text.includes(closedLine)) newest = null;
      for (const entry of openEntries(rolloutNo, added.text)) {
        if (newest === null || entry.seq > newest.seq) newest = entry;
      }
      known.set(rolloutNo, { offset: added.offset, newest });
      return newest;
    },

    entries() {
      return readdirSync(folder)
        .map((name) => Number(/^([1-9][0-9]{0,15})\.ndjson$/.exec(name)?.[1] ?? 0))
        .filter((no) => no > 0)
        .toSorted((a, b) => a - b)
        .flatMap((no) => openEntries(no, readFileSync(pathOf(no), 'utf8')));
    },

    close(rolloutNo) {
      append(rolloutNo, closedLine);
    },
  };
}

/** The entries after the last accepted loss. A line that cannot be read was cut short: nothing was done under it. */
function openEntries(rolloutNo: number, text: string): readonly JournalEntry[] {
  const closed = text.lastIndexOf(closedLine);
  const open = closed === -1 ? text : text.slice(closed + closedLine.length);
  return open.split('\n').flatMap((line) => parseEntry(rolloutNo, line));
}

function parseEntry(rolloutNo: number, line: string): readonly JournalEntry[] {
  if (line === '') return [];
  try {
    const value = JSON.parse(line) as Partial<JournalEntry>;
    const numbers = [value.seq, value.from, value.size, value.attempt];
    const isWhole =
      value.rolloutNo === rolloutNo &&
      numbers.every(Number.isSafeInteger) &&
      typeof value.hash === 'string' &&
      typeof value.subject === 'string' &&
      isTrack(value.track ?? '');
    return isWhole ? [value as JournalEntry] : [];
  } catch {
    return [];
  }
}

interface Added {
  readonly text: string;
  /** Up to the last line end: what follows is still being written. */
  readonly offset: number;
  /** It is all that is to be known, and not an addition. */
  readonly isWhole: boolean;
}

/** What was added since `offset`, null where nothing was; the tail where the file is new to us or was replaced. */
function readFrom(path: string, offset: number): Added | null {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return offset <= 0 ? null : { text: '', offset: 0, isWhole: true };
  }
  try {
    const { size } = fstatSync(fd);
    if (size === offset) return null;
    const isWhole = offset < 0 || size < offset;
    const from = isWhole ? Math.max(0, size - tailBytes) : offset;
    const bytes = Buffer.alloc(size - from);
    const end = bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, from)).lastIndexOf(0x0a) + 1;
    return { text: bytes.toString('utf8', 0, end), offset: from + end, isWhole };
  } finally {
    closeSync(fd);
  }
}

function endsInLine(fd: number): boolean {
  const { size } = fstatSync(fd);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(fd, last, 0, 1, size - 1);
  return last[0] === 0x0a;
}
