/** Enough to see what a list looks like; the server reads the rest, and every byte, by itself. */
const lookBytes = 256 * 1_024;
const lookLines = 200;

export type ListClass = 'credentials' | 'observed' | 'reported';

export interface ListLook {
  /** Complete lines that were looked at. */
  readonly lines: number;
  /** How many of them have each shape, in words; never what stands in them. */
  readonly shapes: readonly (readonly [shape: string, count: number])[];
  /** What the list seems to hold; null where nothing speaks for any. */
  readonly seems: ListClass | null;
}

const wanted: Readonly<Record<Exclude<ListClass, 'credentials'>, readonly string[]>> = {
  observed: ['account_id', 'event_id', 'time', 'rule'],
  reported: ['account_id', 'reason'],
};

/** Looks at the beginning of a list in the browser: its shapes by count. Nothing of it is shown or kept. */
export async function lookAtList(file: File): Promise<ListLook> {
  const text = await file.slice(0, lookBytes).text();
  const whole = text.split(/\r?\n/);
  if (file.size > lookBytes) whole.pop();
  const lines = whole.filter((line) => line.trim() !== '').slice(0, lookLines);
  const counts = new Map<string, number>();
  for (const line of lines) {
    const shape = shapeOf(line);
    counts.set(shape, (counts.get(shape) ?? 0) + 1);
  }
  const shapes = [...counts].toSorted((left, right) => right[1] - left[1]);
  return { lines: lines.length, shapes, seems: seemsToBe(lines[0] ?? '', shapes[0]?.[0] ?? '') };
}

const pair = /^\s*"?[^\s@"]+@[^\s@:;|,\t"]+"?([:;|,\t ])(.+)$/;
const separatorWords: Readonly<Record<string, string>> = {
  ':': 'colon',
  ';': 'semicolon',
  '|': 'bar',
  ',': 'comma',
  '\t': 'tab',
  ' ': 'space',
};

function shapeOf(line: string): string {
  if (headerOf(line) !== null) return 'a header line';
  if (/^\s*(insert\s+into|create\s+table|--|\/\*)/i.test(line)) return 'a line of a database dump';
  const found = pair.exec(line);
  if (found !== null) return `an address, a ${separatorWords[found[1] ?? ''] ?? 'separator'}, and a password`;
  const columns = line.split(',').length;
  if (columns > 1) return `${columns} columns with commas`;
  return line.includes('@') ? 'an address alone' : 'one word or sentence';
}

function headerOf(line: string): ListClass | null {
  const names = line.split(/[,;\t|:]/).map((name) => name.trim().replaceAll('"', '').toLowerCase());
  if (wanted.observed.every((name) => names.includes(name))) return 'observed';
  if (wanted.reported.every((name) => names.includes(name))) return 'reported';
  const hasPassword = names.some((name) => /^(pass|password|passwd|pwd|plain)/.test(name));
  return hasPassword && !line.includes('@') ? 'credentials' : null;
}

function seemsToBe(first: string, shape: string): ListClass | null {
  const header = headerOf(first);
  if (header !== null) return header;
  if (shape.includes('password')) return 'credentials';
  if (shape.startsWith('4 columns')) return 'observed';
  return shape.startsWith('2 columns') ? 'reported' : null;
}
