/**
 * Writes docs/reference/*.md from the tables that the code itself uses, so that the two cannot differ.
 * With `--check` it writes nothing and exits 1 if a file is not what it would write.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

interface FailureRow {
  readonly status: number;
  readonly exit: number;
  readonly title: string;
  readonly next: string;
}

interface Reference {
  readonly target: string;
  readonly source: string;
  render(source: Readonly<Record<string, unknown>>): string;
}

const root = path.resolve(import.meta.dirname, '..');

const references: readonly Reference[] = [
  {
    target: 'docs/reference/errors.md',
    source: 'src/contract/failure-table.ts',
    render: (source) => renderErrors(source['failureTable'] as Readonly<Record<string, FailureRow>>),
  },
  {
    target: 'docs/reference/events.md',
    source: 'src/domain/ledger/events.ts',
    render: (source) => renderEvents(source['ledgerEvents'] as Readonly<Record<string, string>>),
  },
];

function renderErrors(table: Readonly<Record<string, FailureRow>>): string {
  const rows = Object.entries(table)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, row]) => [`\`${code}\``, String(row.status), String(row.exit), row.title, row.next]);
  return page('Errors', 'src/contract/failure-table.ts', [
    'Every refusal and failure has a code. The API answers with a problem document (RFC 9457) whose `code` is the',
    'one below; the command line ends with its exit code and prints what to do next.',
    '',
    ...markdownTable(['Code', 'HTTP status', 'Exit code', 'What happened', 'What to do next'], rows),
  ]);
}

function renderEvents(events: Readonly<Record<string, string>>): string {
  const rows = Object.entries(events)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([event, sentence]) => [`\`${event}\``, sentence]);
  return page('Ledger events', 'src/domain/ledger/events.ts', [
    'What the ledger records, in order and tamper-evident. Once released, an event keeps its name forever.',
    '',
    ...markdownTable(['Event', 'What it says'], rows),
  ]);
}

function page(title: string, source: string, body: readonly string[]): string {
  return [`# ${title}`, '', `Written by \`npm run reference\` from \`${source}\`.`, '', ...body, ''].join('\n');
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

const check = process.argv.includes('--check');
for (const reference of references) {
  const sourcePath = path.join(root, reference.source);
  const targetPath = path.join(root, reference.target);
  // A table that nobody wrote yet has no page; a page whose table is gone fails at the import.
  if (!existsSync(sourcePath) && !existsSync(targetPath)) continue;
  const source = (await import(sourcePath)) as Readonly<Record<string, unknown>>;
  const wanted = reference.render(source);
  if (check) {
    const written = existsSync(targetPath) ? readFileSync(targetPath, 'utf8') : undefined;
    if (written === wanted) continue;
    console.error(`${reference.target} does not say what ${reference.source} says. Run: npm run reference`);
    process.exitCode = 1;
  } else {
    mkdirSync(path.dirname(targetPath), { recursive: true });
    writeFileSync(targetPath, wanted);
  }
}
