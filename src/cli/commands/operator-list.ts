import type { Command } from 'commander';
import { operatorRoutes } from '../../contract/operator.ts';
import { table } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addOperatorList(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'list',
    summary: 'all people who were ever added, with what they may do',
    example: 'allclear operator list --as ada',
    async run({ api, out }) {
      const { operators } = await api.call(operatorRoutes.list, {});
      out.data({ operators }, () =>
        table(
          ['operator', 'name', 'address', 'role', 'state', 'from', 'added by'],
          operators.map((one) => [
            one.operatorId,
            one.name,
            one.email,
            one.role,
            one.state,
            one.activeFrom,
            one.addedBy,
          ]),
        ),
      );
    },
  });
}
