import type { Command } from 'commander';
import { failureTable } from '../../contract/failure-table.ts';
import { ledgerRoutes } from '../../contract/ledger.ts';
import { grouped, pairs, table } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addLedgerVerify(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'verify',
    summary: 'finds an edited, dropped, reordered or truncated entry and says where; exit 1 if there is one',
    example: 'allclear ledger verify --as ada',
    async run({ api, out }) {
      const verdict = await api.call(ledgerRoutes.verify, {});
      const entries = verdict.chains.reduce((sum, chain) => sum + chain.entries, 0);
      out.data(verdict, () => [
        verdict.whole ? 'The ledger is whole.' : `The ledger is NOT whole: ${verdict.findings.length} findings.`,
        ...pairs([
          ['chains', verdict.chains.length],
          ['entries', entries],
          ['checkpoints', `${grouped(verdict.checkpoints.count)}, the last ${verdict.checkpoints.lastAt ?? 'never'}`],
          ['losses accepted', verdict.checkpoints.lossesAccepted.join(', ') || 'none'],
          ['outcome ranges', verdict.rangesChecked],
        ]),
        ...table(
          ['finding', 'chain', 'entry', 'what was seen'],
          verdict.findings.map((one) => [one.kind, one.chain, one.seq, one.detail]),
        ),
      ]);
      if (verdict.whole) return 0;
      out.complain(failureTable['ledger-broken'].next);
      return failureTable['ledger-broken'].exit;
    },
  });
}
