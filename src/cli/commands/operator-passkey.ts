import type { Command } from 'commander';
import { passkeyRoutes } from '../../contract/passkey.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { requirePasskey } from '../require-ids.ts';
import type { Session } from '../session.ts';
import { table } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags {
  readonly list?: boolean;
  readonly revoke?: string;
}

export function addOperatorPasskey(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'passkey',
    summary: 'lists and revokes your own passkeys; one is added in a browser, by: allclear operator link',
    example: 'allclear operator passkey --revoke passkey_3 --as ada',
    options: [
      ['--list', 'shows those that are good'],
      ['--revoke <passkey>', 'ends one at once, with its sessions and its pending yeses'],
    ],
    async run(session, _args, flags) {
      if (flags.revoke !== undefined) return revoke(session, flags.revoke);
      if (flags.list === true) return list(session);
      throw new Failure('usage', 'Say what: --list, or --revoke PASSKEY.');
    },
  });
}

async function list({ api, out }: Session): Promise<void> {
  const { passkeys } = await api.call(passkeyRoutes.list, {});
  out.data({ passkeys }, () =>
    table(
      ['passkey', 'name', 'made', 'last used (by the hour)', 'on several devices'],
      passkeys.map((one) => [
        one.id,
        one.name,
        one.createdAt.slice(0, 16),
        one.lastUsedAt?.slice(0, 13) ?? 'never',
        one.isBackedUp ? 'yes' : 'no',
      ]),
    ),
  );
}

async function revoke({ api, out }: Session, typed: string): Promise<void> {
  const passkey = requirePasskey(typed);
  const { revoked } = await api.call(passkeyRoutes.revoke, { params: { passkey } });
  out.data({ passkey, revoked }, () => [
    revoked
      ? `${passkey} is revoked: it signs nobody in, its sessions are over, and a yes that it gave counts no more.`
      : `${passkey} was revoked before.`,
  ]);
}
