import type { Command } from 'commander';
import { healthRoutes } from '../../contract/health.ts';
import { getToken } from '../get-token.ts';
import { openKey } from '../open-key.ts';
import { requireOperator } from '../require-ids.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags {
  readonly key?: string;
  readonly as?: string;
}

export function addOperatorToken(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'token <operator>',
    summary: 'gets a new API token by signing for it, and writes it where --as finds it',
    example: 'allclear operator token operator_3 --key ~/eve.key --as eve',
    options: [['--key <file>', 'your key file']],
    async run(session, args, flags) {
      const operator = requireOperator(args[0]);
      const { deployment } = await session.anonymous.call(healthRoutes.ready, {});
      const key = await openKey(session, flags.key);
      const { path, expiresAt } = await getToken(session, deployment, operator, key, flags.as ?? operator);
      session.out.data({ operator, tokenFile: path, expiresAt }, () => [
        `The token is in ${path}, valid until ${expiresAt.slice(0, 10)}.`,
      ]);
    },
  });
}
