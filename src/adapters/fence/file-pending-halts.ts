import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PendingHalt, PendingHalts } from '../../app/ports/pending-halts.ts';
import type { HaltRequest } from '../../domain/rollout/halt-request.ts';
import type { PendingWord } from './pending-word.ts';

/** Longer than the process that announced it tries to enter it: then somebody else has to. */
const leftBehindMs = 5_000;
const idBytes = 8;
const noteName = /^[0-9a-f]{16}\.json$/;

/**
 * One note per halt in `<stateDir>/halting`, and a word beside the fence that every sender reads. The word is written in
 * place, so that also a full disk takes it; the note may then be missing, and the host stays fenced until a halt is
 * entered or a person looks.
 */
export function makeFilePendingHalts(
  stateDir: string,
  word: PendingWord,
  warn: (message: string) => void,
): PendingHalts {
  const folder = join(stateDir, 'halting');
  const pathOf = (id: string): string => join(folder, `${id}.json`);

  function names(): readonly string[] {
    try {
      return readdirSync(folder).filter((name) => noteName.test(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  return {
    announce(request) {
      word.set(true);
      const id = randomBytes(idBytes).toString('hex');
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        // Renamed in whole: a reader never sees half a note.
        writeFileSync(`${pathOf(id)}.new`, JSON.stringify(request), { mode: 0o600, flush: true });
        renameSync(`${pathOf(id)}.new`, pathOf(id));
      } catch (error) {
        rmSync(`${pathOf(id)}.new`, { force: true });
        warn(`The halt is in force on this host and could not be noted for later: ${(error as Error).message}`);
      }
      return { id, request };
    },

    settle({ id }) {
      rmSync(pathOf(id), { force: true });
      if (names().length > 0) return;
      word.set(false);
      // One that was announced between the look and the word is in force again at once.
      if (names().length > 0) word.set(true);
    },

    leftBehind() {
      const found: PendingHalt[] = [];
      for (const name of names()) {
        const path = join(folder, name);
        const noted = statSync(path, { throwIfNoEntry: false });
        if (noted === undefined || Date.now() - noted.mtimeMs < leftBehindMs) continue;
        const request = readNote(path);
        if (request !== null) found.push({ id: name.slice(0, -'.json'.length), request });
      }
      return found;
    },
  };
}

/** A note that is no longer a request of ours halts everything: whoever wrote it wanted something to stop. */
function readNote(path: string): HaltRequest | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const { subject, scope, by, reason } = JSON.parse(text) as HaltRequest;
    const isSubject = subject === null || /^(plan|retraction)_[1-9][0-9]*$/.test(subject);
    if (isSubject && ['contain', 'tell', 'all'].includes(scope) && typeof by === 'string' && typeof reason === 'string')
      return { subject, scope, by, reason };
  } catch {
    // Not JSON: as below.
  }
  return { subject: null, scope: 'all', by: 'unknown', reason: 'a note of a halt could not be read' };
}
