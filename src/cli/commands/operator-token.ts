import type { Command } from 'commander';
import { operatorRoutes } from '../../contract/operator.ts';
import { healthRoutes } from '../../contract/health.ts';
import type { TokenRequest } from '../../domain/approval/token-request.ts';
import { openKey } from '../open-key.ts';
import { tokenFile, writeTokenFile } from '../operator-files.ts';
import { requireOperator } from '../require-ids.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags {
  readonly key?: string;
  readonly as?: string;
}

/** Under the five minutes that the server takes at most. */
const validMs = 4 * 60_000;
const nonceBytes = 16;

export function addOperatorToken(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'token <operator>',
    summary: 'gets a new API token by signing for it, and writes it where --as finds it',
    example: 'allclear operator token operator_3 --key ~/eve.key --as eve',
    options: [['--key <file>', 'your key file']],
    async run(session, args, flags) {
      const operator = requireOperator(args[0]);
      const { digests } = session.world.local.signing;
      const { deployment } = await session.anonymous.call(healthRoutes.ready, {});
      const key = await openKey(session, flags.key);
      const request: TokenRequest = {
        deployment,
        operator,
        purpose: 'token',
        nonce: digests.randomHex(nonceBytes),
        expiry: new Date(session.world.now().getTime() + validMs).toISOString(),
      };
      const text = digests.canonical(request);
      const issued = await session.anonymous.call(operatorRoutes.issueToken, {
        body: { request: text, signature: key.sign(text) },
      });
      const path = tokenFile(session.settings.home, flags.as ?? operator);
      await writeTokenFile(path, issued.token);
      session.out.data({ operator, tokenFile: path, expiresAt: issued.expiresAt }, () => [
        `The token is in ${path}, valid until ${issued.expiresAt.slice(0, 10)}.`,
      ]);
    },
  });
}
