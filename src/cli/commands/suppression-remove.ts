import type { Command } from 'commander';
import { suppressionRoutes } from '../../contract/suppression.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { pairs } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addSuppressionRemove(parent: Command, verbs: Verbs): void {
  addVerb<{ readonly yes?: boolean }>(parent, verbs, {
    usage: 'remove <notice>',
    summary: 'lets ordinary notices go again to the address that this notice failed at',
    example: 'allclear suppression remove 8F3K-22QD-9PXA-77TR-C --yes --as ada',
    options: [['--yes', 'do it; without it the command only shows what it would remove']],
    async run({ api, out }, args, flags) {
      const notice = args[0] ?? '';
      if (flags.yes !== true) {
        const { suppressions } = await api.call(suppressionRoutes.list, { query: { limit: 1, notice } });
        const [found] = suppressions;
        if (found === undefined)
          throw new Failure(
            'not-found',
            `No address is suppressed because of notice ${notice}. See: allclear suppression list`,
          );
        out.data(found, () =>
          pairs([
            ['notice', found.noticeNumber],
            ['suppressed', found.suppressedAt],
            ['because it', found.status === null ? found.reason : `${found.reason}, ${found.status}`],
            ['whose it is', `allclear explain ${found.noticeNumber}`],
          ]),
        );
        throw new Failure(
          'needs-confirmation',
          `Nothing was done. To let notices go to that address again: allclear suppression remove ${notice} --yes`,
        );
      }
      const removed = await api.call(suppressionRoutes.remove, { body: { notice } });
      out.data(removed, () => [`Notices go again to the address that ${removed.noticeNumber} failed at.`]);
    },
  });
}
