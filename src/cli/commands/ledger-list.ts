import type { Command } from 'commander';
import { ledgerRoutes } from '../../contract/ledger.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { requireSubject } from '../require-ids.ts';
import { emptyLine, moreLines, pageOf, pageOptions } from '../pages.ts';
import type { PageFlags } from '../pages.ts';
import { table } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags extends PageFlags {
  readonly event?: string;
}

/** A line of a terminal; `--json` has the whole body. */
const shownBodyChars = 100;

export function addLedgerList(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'list [subject]',
    summary: "entries of the installation's chain, or of a plan's or a retraction's, newest first",
    example: 'allclear ledger list plan_81 --event rollout.halted --as ada',
    options: [['--event <event>', 'only this event, such as plan.approved'], ...pageOptions],
    async run({ api, out }, args, flags) {
      const of = args[0] === undefined ? 'installation' : requireSubject(args[0]);
      if (flags.event === '') throw new Failure('usage', '--event takes the name of an event.');
      const event = flags.event === undefined ? {} : { event: flags.event };
      const { entries, next } = await api.call(ledgerRoutes.list, { query: { of, ...event, ...pageOf(flags) } });
      out.data({ entries, next }, () => [
        ...table(
          ['entry', 'at', 'event', 'what'],
          entries.map((one) => [one.seq, one.at, one.event, shorten(JSON.stringify(one.body))]),
        ),
        ...emptyLine(flags.after === undefined ? entries.length : 1, 'There is no such entry.'),
        ...moreLines(next, `allclear ledger list ${args[0] ?? ''}`.trim()),
      ]);
    },
  });
}

function shorten(text: string): string {
  return text.length <= shownBodyChars ? text : `${text.slice(0, shownBodyChars - 3)}...`;
}
