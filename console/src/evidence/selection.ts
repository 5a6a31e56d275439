import type { Input } from '../api/routes.ts';

export type Selection = Input<'post /api/v1/evidence/{batch}/withdrawals'>['body']['selection'];

export type SelectionKind = Selection['kind'];

/** What one withdrawal may name; the server takes no more. */
const maxItems = 100_000;

/** What was typed as a selection, or why it is none. Lines as `3, 17-20`, accounts one a line. */
export function readSelection(kind: SelectionKind, text: string): Selection | string {
  if (kind === 'all') return { kind };
  if (kind === 'lines') {
    const lines = readLines(text);
    return typeof lines === 'string' ? lines : { kind, lines };
  }
  const accounts = text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
  if (accounts.length === 0) return 'Name at least one account.';
  return accounts.length > maxItems ? tooMany : ({ kind, accounts } as Selection);
}

const tooMany = `At most ${maxItems.toLocaleString('en')} can be named at once. Withdraw the whole batch, or in several steps.`;

function readLines(text: string): number[] | string {
  const lines: number[] = [];
  for (const item of text.split(/[\s,]+/).filter((one) => one !== '')) {
    const match = /^([1-9][0-9]{0,14})(?:-([1-9][0-9]{0,14}))?$/.exec(item);
    if (match === null) return `“${item}” is no line number and no range like 17-20.`;
    const from = Number(match[1]);
    const to = match[2] === undefined ? from : Number(match[2]);
    if (to < from) return `The range ${item} ends before it begins.`;
    if (lines.length + to - from >= maxItems) return tooMany;
    for (let line = from; line <= to; line += 1) lines.push(line);
  }
  return lines.length === 0 ? 'Name at least one line.' : lines;
}
