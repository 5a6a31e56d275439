import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { repositoryRoot } from './sound-tree.ts';

interface FailureRow {
  readonly status: number;
  readonly exit: number;
  readonly title: string;
  readonly next: string;
}

/** The exit codes that docs promise: scripts of operators branch on them. */
const promisedExits = [1, 2, 3, 4, 5, 69, 75];

const contractFolder = path.join(repositoryRoot, 'src/contract');

function codesInUnion(): string[] {
  const source = readFileSync(path.join(repositoryRoot, 'src/domain/shared/failure.ts'), 'utf8');
  const union = /export type FailureCode =([^;]+);/.exec(source)?.[1] ?? '';
  return [...union.matchAll(/'([a-z-]+)'/g)].flatMap((match) => match[1] ?? []);
}

async function readTable(): Promise<Readonly<Record<string, FailureRow>> | undefined> {
  // Before the contract has its first file there is no table to hold to.
  if (!readdirSync(contractFolder, { recursive: true, encoding: 'utf8' }).some((name) => name.endsWith('.ts'))) {
    return undefined;
  }
  const source = (await import(path.join(contractFolder, 'failure-table.ts'))) as Record<string, unknown>;
  return source['failureTable'] as Readonly<Record<string, FailureRow>>;
}

it('nobody meets a failure that has no status, no exit code and no next step', async () => {
  const table = await readTable();
  const codes = codesInUnion();
  expect(codes).toContain('internal');
  if (table === undefined) return;
  expect(Object.keys(table).toSorted()).toEqual(codes.toSorted());
  for (const [code, row] of Object.entries(table)) {
    expect(row.status, code).toBeGreaterThanOrEqual(400);
    expect(row.status, code).toBeLessThan(600);
    expect(promisedExits, code).toContain(row.exit);
    expect(row.title.trim(), code).not.toBe('');
    expect(row.next.trim(), code).not.toBe('');
  }
});
