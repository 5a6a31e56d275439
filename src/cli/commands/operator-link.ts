import type { Command } from 'commander';
import { healthRoutes } from '../../contract/health.ts';
import { passkeyRoutes } from '../../contract/passkey.ts';
import type { LinkRequest } from '../../domain/approval/link-request.ts';
import { requestNonceBytes, signedRequestMs } from '../get-token.ts';
import { openKey } from '../open-key.ts';
import { requireOperator } from '../require-ids.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags {
  readonly key?: string;
  readonly as?: string;
}

export function addOperatorLink(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'link <operator>',
    summary:
      'gets a one-time link by signing for it: open it in a browser to add a passkey of yours; with --as and no key, one for somebody who is proposed without a key',
    example: 'allclear operator link operator_3 --key ~/eve.key',
    options: [['--key <file>', 'your key file']],
    async run(session, args, flags) {
      const operator = requireOperator(args[0]);
      if (flags.key === undefined && flags.as !== undefined) {
        const made = await session.api.call(passkeyRoutes.linkForProposed, { params: { operator } });
        session.out.data(made, () => [
          `Hand this to ${operator}; it works once, until ${made.expiresAt}:`,
          `  ${made.link}`,
          `They read you six words. Compare them, by voice, with: allclear operator approve ${operator}`,
        ]);
        return;
      }
      const { deployment } = await session.anonymous.call(healthRoutes.ready, {});
      const key = await openKey(session, flags.key);
      const { digests } = session.world.local.signing;
      const request: LinkRequest = {
        deployment,
        operator,
        purpose: 'passkey',
        nonce: digests.randomHex(requestNonceBytes),
        expiry: new Date(session.world.now().getTime() + signedRequestMs).toISOString(),
      };
      const text = digests.canonical(request);
      const made = await session.anonymous.call(passkeyRoutes.link, {
        body: { request: text, signature: key.sign(text) },
      });
      session.out.data(made, () => linkLines(made.link, made.code, made.expiresAt));
    },
  });
}

/** Works once: whoever opens it first has a passkey in this person's name. */
export function linkLines(link: string, code: string, expiresAt: string): readonly string[] {
  return [
    'Open this in the browser of the machine or with the phone that is to sign in. It works once:',
    `  ${link}`,
    `Or type the code there: ${code}`,
    `Good until ${expiresAt.slice(11, 16)} UTC. Hand it to nobody: whoever opens it signs in, and approves, in this name.`,
  ];
}
