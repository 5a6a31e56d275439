import { expect, it } from 'vitest';
import { onPage } from '../../console/src/api/page-words.ts';
import { problemOf } from '../../src/http/problem-of.ts';
import { failureTable } from '../../src/contract/failure-table.ts';
import { Failure } from '../../src/domain/shared/failure.ts';
import type { FailureCode } from '../../src/domain/shared/failure.ts';

/** Where only the server's own machine helps, its command is what a reader needs. */
const onTheMachine: readonly FailureCode[] = [
  'seal-broken',
  'ledger-broken',
  'database-behind',
  'disk-full',
  'backup-unreadable',
  'server-unavailable',
  'drill-due',
];
const codes = (Object.keys(failureTable) as FailureCode[]).filter((code) => !onTheMachine.includes(code));

it.each(codes)('whoever is refused on a page is not told to type a command: %s', (code) => {
  const { title, next } = onPage(problemOf(new Failure(code, 'What happened.'), 'a request'));
  expect(`${title} ${next}`).not.toMatch(/allclear [a-z]| --[a-z]|\btoken\b.*--/);
});
