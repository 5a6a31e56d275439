import type { Command } from 'commander';
import { operatorRoutes } from '../../contract/operator.ts';
import { isRole, roles } from '../../domain/approval/role.ts';
import type { Role } from '../../domain/approval/role.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { makeKey, orForget } from '../make-key.ts';
import { linkLines } from './operator-link.ts';
import { tokenFile, writeTokenFile } from '../operator-files.ts';
import type { Session } from '../session.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags {
  readonly name?: string;
  readonly email?: string;
  readonly keyOut?: string;
  readonly publicKey?: string;
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
      ['--public-key <key>', "a later operator's own public key, as their own machine showed it"],
    ],
    async run(session, _args, flags) {
      if (flags.name === undefined || flags.email === undefined) {
        throw new Failure('usage', 'An operator has a name and an address: --name NAME --email ADDRESS');
      }
      const { name, email } = flags;
      const role = requireRole(flags.role ?? 'operator');
      if (flags.as === undefined) return addFirst(session, { name, email, role }, flags.keyOut ?? null);
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

async function addFirst(
  session: Session,
  { name, email, role }: { readonly name: string; readonly email: string; readonly role: Role },
  keyOut: string | null,
): Promise<void> {
  const { path, publicKey } = await makeKey(session, name, keyOut);
  const added = await orForget(session, path, () =>
    session.world.local.addFirstOperator({ name, email, publicKey, role }),
  );
  const tokenPath = tokenFile(session.settings.home, name);
  await writeTokenFile(tokenPath, added.token);
  const { code, expiresAt, consoleOrigin } = added.link;
  const link = `${consoleOrigin ?? consoleAt(session.settings.url)}/console/join#${code}`;
  session.out.data(
    {
      operator: added.operatorId,
      keyFile: path,
      tokenFile: tokenPath,
      tokenExpiresAt: added.expiresAt,
      link,
      linkExpiresAt: expiresAt,
    },
    () => [
      `${added.operatorId} ${name} may act and approve.`,
      `Key:    ${path}  (signs approvals; keep it where only ${name} can read it)`,
      `Token:  ${tokenPath}  (for --as; valid until ${added.expiresAt.toISOString().slice(0, 10)})`,
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
