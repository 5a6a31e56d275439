import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { makeFilePermitJournal } from '../../src/adapters/fence/file-permit-journal.ts';
import type { JournalEntry } from '../../src/app/ports/permit-journal.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

let stateDir: string;
let file: string;

beforeEach(() => {
  stateDir = makeTempFolder('journal');
  file = join(stateDir, 'permits', '1.ndjson');
});

function entry(seq: number): JournalEntry {
  const hash = seq.toString(16).padStart(64, '0');
  return { rolloutNo: 1, seq, hash, subject: 'plan_1', track: 'tell', from: seq * 100, size: 100, attempt: 1 };
}

test('the newest entry is found whichever worker of the host wrote it, and in whatever order', () => {
  const one = makeFilePermitJournal(stateDir);
  const other = makeFilePermitJournal(stateDir);
  expect(one.newest(1)).toBeNull();
  one.note(entry(1));
  expect([one.newest(1)?.seq, other.newest(1)?.seq]).toEqual([1, 1]);
  other.note(entry(7));
  one.note(entry(5));
  expect([one.newest(1)?.seq, other.newest(1)?.seq]).toEqual([7, 7]);
  // A worker that starts later knows it as well.
  expect(makeFilePermitJournal(stateDir).newest(1)?.seq).toBe(7);
  expect(one.newest(2)).toBeNull();
  expect(other.entries().map((each) => each.seq)).toEqual([1, 7, 5]);
});

test('the newest of a journal longer than what is read of it at once is found', () => {
  const journal = makeFilePermitJournal(stateDir);
  for (let seq = 1; seq <= 1_000; seq += 1) journal.note(entry(seq));
  expect(makeFilePermitJournal(stateDir).newest(1)?.seq).toBe(1_000);
  expect(journal.newest(1)?.seq).toBe(1_000);
  expect(journal.entries()).toHaveLength(1_000);
});

test('a line that a full disk or a crash cut short hides neither the one before it nor the one after', () => {
  const journal = makeFilePermitJournal(stateDir);
  journal.note(entry(1));
  appendFileSync(file, '{"rolloutNo":1,"seq":9,"ha');
  expect(journal.newest(1)?.seq).toBe(1);
  journal.note(entry(2));
  expect(journal.newest(1)?.seq).toBe(2);
  expect(makeFilePermitJournal(stateDir).newest(1)?.seq).toBe(2);
});

test('after an accepted loss nothing before it is asked for, by any worker of the host', () => {
  const one = makeFilePermitJournal(stateDir);
  const other = makeFilePermitJournal(stateDir);
  one.note(entry(50));
  expect(other.newest(1)?.seq).toBe(50);
  one.close(1);
  expect([one.newest(1), other.newest(1), makeFilePermitJournal(stateDir).newest(1)]).toEqual([null, null, null]);
  other.note(entry(12));
  expect([one.newest(1)?.seq, other.newest(1)?.seq]).toEqual([12, 12]);
  expect(one.entries().map((each) => each.seq)).toEqual([12]);
});

test('a folder that was put back from a copy is read anew', () => {
  const journal = makeFilePermitJournal(stateDir);
  journal.note(entry(1));
  const copy = readFileSync(file);
  journal.note(entry(2));
  expect(journal.newest(1)?.seq).toBe(2);
  writeFileSync(file, copy);
  expect(journal.newest(1)?.seq).toBe(1);
  rmSync(file);
  expect(journal.newest(1)).toBeNull();
});
