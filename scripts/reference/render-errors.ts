import { failureTable } from '../../src/contract/failure-table.ts';
import { markdownTable, page } from './markdown.ts';

export function render(): string {
  const rows = Object.entries(failureTable)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, row]) => [`\`${code}\``, String(row.status), String(row.exit), row.title, row.next]);
  return page('Errors', '`src/contract/failure-table.ts`', [
    'Every refusal and failure has a code. The API answers with a problem document (RFC 9457) whose `code` is the',
    'one below; the command line ends with its exit code and prints what to do next.',
    '',
    'A verb that records a yes (`plan approve`, `retract approve`, `operator approve`) ends with 0 once the yes stands, also while another',
    "person's is still needed; a verb that acts (`rollout start`, `rollout resume`) ends with 3 for as long as it waits for one.",
    '',
    ...markdownTable(['Code', 'HTTP status', 'Exit code', 'What happened', 'What to do next'], rows),
  ]);
}
