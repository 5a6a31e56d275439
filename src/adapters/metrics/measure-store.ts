import type { LedgerEvent } from '../../domain/ledger/events.ts';
import type { LedgerStore, NewLedgerEntry } from '../../app/ports/ledger-store.ts';
import type { Store } from '../../app/ports/store.ts';
import type { Metrics } from './metrics.ts';

const permitSteps: Partial<Readonly<Record<LedgerEvent, string>>> = {
  'permit.taken': 'taken',
  'permit.settled': 'settled',
  'permit.recovered': 'recovered',
};

/** The same store; what it commits is counted by its ledger entries, once it is committed and not before. */
export function measureStore(store: Store, metrics: Metrics): Store {
  const transactions = metrics.timing(
    'allclear_transaction_seconds',
    'Transactions of our own database, by how they ended.',
    ['result'],
  );
  const entries = metrics.tally('allclear_ledger_entries_total', 'Ledger entries that this process committed.', [
    'event',
  ]);
  const permits = metrics.tally('allclear_permits_total', 'Permits taken, settled, or taken back from a lost worker.', [
    'step',
    'track',
  ]);

  function count({ event, body }: NewLedgerEntry): void {
    entries.add({ event });
    const step = permitSteps[event];
    const { track } = body;
    if (step !== undefined && typeof track === 'string') permits.add({ step, track });
  }

  return {
    async transact(work) {
      const startedMs = performance.now();
      const written: NewLedgerEntry[] = [];
      let result = 'rolled-back';
      try {
        const done = await store.transact((tx) => {
          written.length = 0;
          return work({ ...tx, ledger: listening(tx.ledger, written) });
        });
        result = 'committed';
        for (const entry of written) count(entry);
        return done;
      } finally {
        transactions.observe((performance.now() - startedMs) / 1_000, { result });
      }
    },
  };
}

function listening(ledger: LedgerStore, written: NewLedgerEntry[]): LedgerStore {
  return {
    ...ledger,
    async append(entry) {
      const appended = await ledger.append(entry);
      written.push(entry);
      return appended;
    },
  };
}
