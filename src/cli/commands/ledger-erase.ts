import type { Command } from 'commander';
import { ledgerRoutes } from '../../contract/ledger.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addLedgerErase(parent: Command, verbs: Verbs): void {
  addVerb<{ readonly yes?: boolean }>(parent, verbs, {
    usage: 'erase <chain> <entry> <field>',
    summary: 'erases a personal value that stands beside an entry; the chain stays whole and says so. Needs --yes',
    example: 'allclear ledger erase installation 17 reason --yes --as ada',
    options: [['--yes', 'erase it: there is no way back']],
    async run({ api, out }, args, flags) {
      const [chain = '', entry = '', field = ''] = args;
      const seq = Number(entry);
      if (!Number.isSafeInteger(seq) || seq < 1)
        throw new Failure('usage', `"${entry}" is no number of an entry. See: allclear explain, ledger verify`);
      if (flags.yes !== true) {
        out.talk(
          `Nothing was erased. The value "${field}" of entry ${seq} of ${chain} would be gone for ever; repeat with --yes.`,
        );
        return 3;
      }
      const { erased } = await api.call(ledgerRoutes.erase, { body: { chain, seq, field } });
      out.data({ erased }, () => [
        erased
          ? 'Erased. The ledger stays whole and says that a value was erased.'
          : 'There is no such value, or it was erased before.',
      ]);
      return erased ? 0 : 1;
    },
  });
}
