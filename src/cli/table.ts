import { cleanText } from './clean-text.ts';
import { displayWidth, padEnd, padStart } from './display-width.ts';

export type Cell = string | number | null | undefined;

const gap = '  ';

/** Rows as aligned lines; columns of numbers to the right, grouped by thousands. An empty table has no lines, not even its head. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const isNumeric = head.map((_, column) =>
    rows.every((row) => typeof row[column] === 'number' || row[column] == null),
  );
  const lines = [head, ...rows.map((row) => row.map(cellText))];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => displayWidth(line[column] ?? ''))));
  return lines.map((line) =>
    head
      .map((_, column) => {
        const text = line[column] ?? '';
        const width = widths[column] ?? 0;
        return isNumeric[column] ? padStart(text, width) : padEnd(text, width);
      })
      .join(gap)
      .trimEnd(),
  );
}

/** `name  value` lines, names aligned. Pairs without a value are left out. */
export function pairs(entries: readonly (readonly [string, Cell])[]): readonly string[] {
  const shown = entries.filter(([, value]) => value !== null && value !== undefined && value !== '');
  const width = Math.max(0, ...shown.map(([name]) => displayWidth(name)));
  return shown.map(([name, value]) => `${padEnd(name, width)}${gap}${cellText(value)}`);
}

/** Counts by word, largest first, in one line: `12 accepted, 3 unknown`. */
export function countsInWords(counts: Readonly<Record<string, number | undefined>>): string {
  const shown = Object.entries(counts).filter((entry): entry is [string, number] => (entry[1] ?? 0) > 0);
  return shown
    .toSorted(([, left], [, right]) => right - left)
    .map(([word, count]) => `${grouped(count)} ${word}`)
    .join(', ');
}

export function grouped(count: number): string {
  return Number.isInteger(count) ? count.toString().replace(/\B(?=(\d{3})+$)/g, '\u202f') : String(count);
}

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '-';
  return typeof cell === 'number' ? grouped(cell) : cleanText(cell);
}
