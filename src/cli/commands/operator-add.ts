import type { Command } from 'commander';
import { operatorRoutes } from '../../contract/operator.ts';
import { passkeyRoutes } from '../../contract/passkey.ts';
import { isRole, roles } from '../../domain/approval/role.ts';
import type { Role } from '../../domain/approval/role.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { makeKey, orForget } from '../make-key.ts';
import { linkLines } from './operator-link.ts';
import { requireOperator } from '../require-ids.ts';
import { tokenFile, writeTokenFile } from '../operator-files.ts';
import type { Session } from '../session.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags {
  readonly name?: string;
  readonly email?: string;
  readonly keyOut?: string;
  readonly publicKey?: string;
  readonly passkeyOnly?: boolean;
  readonly role?: string;
  readonly as?: string;
  readonly json?: boolean;
}

export function addOperatorAdd(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'add',
    summary: "adds one of the first two operators, on the server's own machine; with --as it proposes a later one",
    example: 'allclear operator add --name Ada --email ada@example.org --key-out ~/ada.key',
    options: [
      ['--name <name>', 'as it stands in tables and mails'],
      ['--email <address>', 'where the operator is told of changes'],
      ['--key-out <file>', 'where the new key file goes (default: <home>/operators/<name>.key)'],
      ['--role <role>', `${roles.join(', ')} (default: operator): what the person may do`],
      ['--passkey-only', 'no key file: the person signs in and says yes by passkey alone, and gets a one-time link'],
      ['--public-key <key>', "a later operator's own public key, as their own machine showed it"],
    ],
    async run(session, _args, flags) {
      if (flags.name === undefined || flags.email === undefined) {
        throw new Failure('usage', 'An operator has a name and an address: --name NAME --email ADDRESS');
      }
      const { name, email } = flags;
      const role = requireRole(flags.role ?? 'operator');
      const isPasskeyOnly = flags.passkeyOnly === true;
      if (isPasskeyOnly && (flags.publicKey !== undefined || flags.keyOut !== undefined)) {
        throw new Failure('usage', 'Either --passkey-only, or a key: --key-out or --public-key.');
      }
      if (flags.as === undefined) {
        const made = isPasskeyOnly ? null : await makeKey(session, name, flags.keyOut ?? null);
        return addFirst(session, { name, email, role }, made);
      }
      if (isPasskeyOnly) return proposeByLink(session, { name, email, role });
      const made = flags.publicKey === undefined ? await makeKey(session, name, flags.keyOut ?? null) : null;
      const publicKey = flags.publicKey ?? made?.publicKey ?? '';
      const propose = (): Promise<{ operator: { operatorId: string; name: string; role: string } }> =>
        session.api.call(operatorRoutes.propose, { body: { name, email, publicKey, role } });
      const { operator } = await (made === null ? propose() : orForget(session, made.path, propose));
      session.out.data({ operator, keyFile: made?.path ?? null }, () => [
        `${operator.operatorId} ${operator.name} is proposed as ${operator.role}. Two others say yes:`,
        `  allclear operator approve ${operator.operatorId} --key FILE --yes --as NAME`,
        `Then ${operator.name} gets a token: allclear operator token ${operator.operatorId} --key FILE`,
      ]);
    },
  });
}

interface Wanted {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
}

/** A person proposed without a key: the link goes to them, and two others compare what they make by it. */
async function proposeByLink({ api, out }: Session, wanted: Wanted): Promise<void> {
  const { operator } = await api.call(operatorRoutes.propose, { body: { ...wanted, publicKey: null } });
  const id = requireOperator(operator.operatorId);
  const { link, expiresAt } = await api.call(passkeyRoutes.linkForProposed, { params: { operator: id } });
  out.data({ operator, link, linkExpiresAt: expiresAt }, () => [
    `${id} ${operator.name} is proposed as ${operator.role}. Hand over this link; it works once, until ${expiresAt}:`,
    `  ${link}`,
    `They read you six words of the passkey that they made. Compare them, by voice, with: allclear operator approve ${id}`,
    'Then two others say yes, here or in the console. Until then the passkey does nothing.',
  ]);
}

/** On the server's own machine. `made`: the key file that the person signs with; null for passkeys alone. */
async function addFirst(
  session: Session,
  wanted: Wanted,
  made: { readonly path: string; readonly publicKey: string } | null,
): Promise<void> {
  const { name } = wanted;
  const add = (): ReturnType<typeof session.world.local.addFirstOperator> =>
    session.world.local.addFirstOperator({ ...wanted, publicKey: made?.publicKey ?? null });
  const added = await (made === null ? add() : orForget(session, made.path, add));
  const tokenPath = tokenFile(session.settings.home, name);
  await writeTokenFile(tokenPath, added.token);
  const { code, expiresAt, consoleOrigin } = added.link;
  const link = `${consoleOrigin ?? consoleAt(session.settings.url)}/console/join#${code}`;
  const token = `Token:  ${tokenPath}  (for --as; valid until ${added.expiresAt.toISOString().slice(0, 10)})`;
  session.out.data(
    {
      operator: added.operatorId,
      keyFile: made?.path ?? null,
      tokenFile: tokenPath,
      tokenExpiresAt: added.expiresAt,
      link,
      linkExpiresAt: expiresAt,
    },
    () => [
      ...(made === null
        ? [
            `${added.operatorId} ${name} may act, and say yes once they have a passkey. There is no key file.`,
            token,
            'If the link below is over before it was opened, run this command again.',
          ]
        : [
            `${added.operatorId} ${name} may act and approve.`,
            `Key:    ${made.path}  (signs approvals; keep it where only ${name} can read it)`,
            token,
          ]),
      '',
      ...linkLines(link, code, expiresAt.toISOString()),
    ],
  );
}

/** A passkey belongs to a name: on this machine the console is opened at localhost. */
function consoleAt(serverUrl: string): string {
  const url = new URL(serverUrl);
  if (/^127(\.[0-9]{1,3}){3}$/.test(url.hostname)) url.hostname = 'localhost';
  return url.origin;
}

function requireRole(text: string): Role {
  if (isRole(text)) return text;
  throw new Failure('usage', `"${text}" is no role. There are: ${roles.join(', ')}.`);
}
