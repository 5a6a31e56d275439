import type { Command } from 'commander';
import { drillRoutes } from '../../contract/drill.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { drillLines } from '../drill-lines.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addDrillBegin(parent: Command, verbs: Verbs): void {
  addVerb<{ readonly yes?: boolean }>(parent, verbs, {
    usage: 'begin',
    summary: 'begins a drill: a whole campaign on made-up people, for you to halt and to put right',
    example: 'allclear drill begin --yes --as ada',
    options: [['--yes', 'begin it; without it nothing is done']],
    async run({ api, out }, _args, flags) {
      if (flags.yes !== true)
        throw new Failure(
          'needs-confirmation',
          'Nothing was done. A drill takes about a quarter of an hour of one who halts and two who approve, each at their own keyboard; nobody who exists gets a mail. When they are there: allclear drill begin --yes',
        );
      out.talk('A database, a directory of made-up people and a mailbox are made for it, which takes some seconds ...');
      const begun = await api.call(drillRoutes.begin, { body: {} });
      out.data(begun, () => drillLines(begun));
    },
  });
}
