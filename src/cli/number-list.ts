import { readFile } from 'node:fs/promises';
import { Failure } from '../domain/shared/failure.ts';

/** What one withdrawal may name; the server takes no more. */
const maxItems = 100_000;

/** `@FILE` is a file with one item a line; else the items stand there, with commas between. */
export async function readItems(text: string): Promise<readonly string[]> {
  const raw = text.startsWith('@') ? (await readFile(text.slice(1), 'utf8')).split('\n') : text.split(',');
  const items = raw.map((item) => item.replace(/\r$/, '')).filter((item) => item !== '');
  if (items.length === 0)
    throw new Failure(
      'nothing-selected',
      'The selection is empty. No value means "all"; leave the option out for that.',
    );
  if (items.length > maxItems) throw tooMany();
  return items;
}

/** Line numbers and ranges of them: `3,17-20`. */
export function readLineNumbers(items: readonly string[]): readonly number[] {
  const lines: number[] = [];
  for (const item of items) {
    const match = /^\s*([1-9][0-9]{0,14})(?:-([1-9][0-9]{0,14}))?\s*$/.exec(item);
    if (match === null) throw new Failure('usage', `"${item}" is no line number and no range like 17-20.`);
    const from = Number(match[1]);
    const to = match[2] === undefined ? from : Number(match[2]);
    if (to < from) throw new Failure('usage', `The range ${item} ends before it begins.`);
    if (lines.length + to - from >= maxItems) throw tooMany();
    for (let line = from; line <= to; line += 1) lines.push(line);
  }
  return lines;
}

function tooMany(): Failure {
  return new Failure(
    'usage',
    `At most ${maxItems} can be named at once. Withdraw the whole batch, or in several steps.`,
  );
}
