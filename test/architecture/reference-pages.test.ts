import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { failureTable } from '../../src/contract/failure-table.ts';
import { ledgerEvents } from '../../src/domain/ledger/events.ts';
import { repositoryRoot } from './sound-tree.ts';

const sources = readdirSync(path.join(repositoryRoot, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(path.join(repositoryRoot, 'src', name), 'utf8') }));

function page(name: string): string {
  return readFileSync(path.join(repositoryRoot, 'docs/reference', name), 'utf8');
}

/** Words of the form `noun.past-verb` in quotes, in files that write to the ledger. */
function eventsWritten(): readonly string[] {
  const writers = sources.filter(({ text }) => /ledger\.append\(|LedgerEvent/.test(text));
  const appended = sources.flatMap(({ text }) =>
    // An event of a stream (`status`) has no dot, and is none of the ledger.
    [...text.matchAll(/\bevent: '([^'.]+\.[^']+)'/g)].map(([, event]) => event ?? ''),
  );
  const known = new Set<string>(Object.keys(ledgerEvents));
  const named = writers.flatMap(({ text }) =>
    [...text.matchAll(/'([a-z-]+\.[a-z-]+)'/g)].map(([, event]) => event ?? '').filter((event) => known.has(event)),
  );
  return [...new Set([...appended, ...named])].toSorted();
}

it('nobody meets an event in the ledger of which the reference does not say what it means', () => {
  const written = eventsWritten();
  expect(written).toContain('rollout.halted');
  expect(written).toContain('operator.token-revoked');
  const reference = page('events.md');
  expect(written.filter((event) => !reference.includes(`| \`${event}\` |`))).toEqual([]);
  expect(Object.keys(ledgerEvents).filter((event) => !reference.includes(`| \`${event}\` |`))).toEqual([]);
});

it('no event is promised that nothing ever writes', () => {
  expect(Object.keys(ledgerEvents).filter((event) => !eventsWritten().includes(event))).toEqual([]);
});

it('nobody meets a code of a failure that the reference does not explain', () => {
  const reference = page('errors.md');
  const rows = Object.entries(failureTable);
  expect(rows.filter(([code]) => !reference.includes(`| \`${code}\` |`))).toEqual([]);
  for (const [code, { status, exit }] of rows) expect(reference).toContain(`| \`${code}\` | ${status} | ${exit} |`);
});
