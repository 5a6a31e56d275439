import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const made: string[] = [];
/** A process that was killed may hold its last file for a moment. */
const removalTries = 5;

/** A new folder of this name and six random letters; removed when the tests of the file that made it have ended. */
export function makeTempFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `allclear-${name}-`));
  made.push(folder);
  return folder;
}

function removeAll(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: removalTries });
}

// Each file has its modules to itself, and hooks end in the reverse order: what a test opened here is closed by then.
// A process that a test starts has no hooks: its folders go with it.
if (process.env['STARTED_BY_A_TEST'] === undefined) afterAll(removeAll);
else process.on('exit', removeAll);
