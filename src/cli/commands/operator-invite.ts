import type { Command } from 'commander';
import { deploymentRoutes } from '../../contract/deployment.ts';
import { operatorRoutes } from '../../contract/operator.ts';
import { invitationHoursMax, invitationHoursUsual } from '../../domain/approval/invitation-request.ts';
import type { InvitationRequest } from '../../domain/approval/invitation-request.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { requestNonceBytes, signedRequestMs } from '../get-token.ts';
import { openKey } from '../open-key.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags {
  readonly name?: string;
  readonly email?: string;
  readonly hours?: string;
  readonly key?: string;
}

export function addOperatorInvite(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'invite',
    summary:
      'invites the second person, in the small profile: prints a code that works once; they make their own key on their own machine',
    example: 'allclear operator invite --name Ben --email ben@example.org --key ~/ann.key --as ann',
    options: [
      ['--name <name>', 'of the invited person, as it stands in tables and mails'],
      ['--email <address>', 'of the invited person; the code works for this address alone'],
      ['--hours <n>', `how long the code is worth something (${invitationHoursUsual}; at most ${invitationHoursMax})`],
      ['--key <file>', 'your key file'],
    ],
    async run(session, _args, flags) {
      const { name, email } = flags;
      if (name === undefined || email === undefined) {
        throw new Failure('usage', 'An invitation is for one person: --name NAME --email ADDRESS');
      }
      const hours = Number(flags.hours ?? invitationHoursUsual);
      if (!Number.isInteger(hours) || hours < 1 || hours > invitationHoursMax) {
        throw new Failure('usage', `--hours is a whole number from 1 to ${invitationHoursMax}.`);
      }
      const { deployment } = await session.api.call(deploymentRoutes.show, {});
      const key = await openKey(session, flags.key);
      const { digests } = session.world.local.signing;
      const request: InvitationRequest = {
        deployment,
        purpose: 'invite',
        name,
        email,
        hours,
        nonce: digests.randomHex(requestNonceBytes),
        expiry: new Date(session.world.now().getTime() + signedRequestMs).toISOString(),
      };
      const text = digests.canonical(request);
      const issued = await session.api.call(operatorRoutes.invite, {
        body: { request: text, signature: key.sign(text) },
      });
      session.out.data(issued, () => [
        `The code, once, until ${issued.expiresAt}:`,
        '',
        `  ${issued.code}`,
        '',
        `Give it to ${name} by another way than this network: by phone, in a letter, by hand. Not by mail. On their own machine:`,
        `  allclear operator accept --email ADDRESS --url ${session.settings.url}`,
        'Whoever is first with it is the second person who says yes, so compare the operator list with them afterwards.',
      ]);
    },
  });
}
