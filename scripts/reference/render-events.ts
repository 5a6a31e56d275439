import { ledgerEvents } from '../../src/domain/ledger/events.ts';
import { markdownTable, page } from './markdown.ts';

export function render(): string {
  const rows = Object.entries(ledgerEvents)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([event, sentence]) => [`\`${event}\``, sentence]);
  return page('Ledger events', '`src/domain/ledger/events.ts`', [
    'What the ledger records, in order and tamper-evident. Once released, an event keeps its name forever.',
    '',
    ...markdownTable(['Event', 'What it says'], rows),
  ]);
}
