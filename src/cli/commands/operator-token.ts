import type { Command } from 'commander';
import { healthRoutes } from '../../contract/health.ts';
import { operatorRoutes } from '../../contract/operator.ts';
import { maxTokenHours } from '../../domain/approval/token-request.ts';
import { parseScope, scopeText, tokenScopes } from '../../domain/approval/token-scope.ts';
import type { TokenScope } from '../../domain/approval/token-scope.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { openKey } from '../open-key.ts';
import { getToken } from '../get-token.ts';
import { tokenFile } from '../operator-files.ts';
import { requireOperator, requireToken } from '../require-ids.ts';
import type { Session } from '../session.ts';
import { table } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags {
  readonly key?: string;
  readonly as?: string;
  readonly scope?: string;
  readonly hours?: string;
  readonly out?: string;
  readonly list?: boolean;
  readonly everybody?: boolean;
  readonly revoke?: string;
}

export function addOperatorToken(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'token [operator]',
    summary: 'gets a new API token by signing for it, and writes it where --as finds it; lists and revokes tokens',
    example: 'allclear operator token operator_3 --key ~/eve.key --scope read --hours 24 --out dashboard.token',
    options: [
      ['--key <file>', 'your key file'],
      [
        '--scope <words>',
        `${tokenScopes.join(', ')}; several with a comma between them (default: full, all of your role)`,
      ],
      ['--hours <n>', `after how long it ends, at most ${maxTokenHours} (default: ${maxTokenHours})`],
      ['--out <file>', 'where it goes, 0600 (default: <home>/operators/<name>.token); needed for less than full'],
      ['--list', 'shows your tokens that can still be used; with --everybody those of all'],
      ['--everybody', 'with --list, for operators'],
      ['--revoke <token>', 'ends a token at once: your own, or as an operator anybody’s'],
    ],
    async run(session, args, flags) {
      if (flags.revoke !== undefined) return revoke(session, flags.revoke);
      if (flags.list === true) return list(session, flags.everybody === true);
      return issue(session, args[0], flags);
    },
  });
}

async function issue(session: Session, typed: string | undefined, flags: Flags): Promise<void> {
  const operator = requireOperator(typed);
  const scope = requireScope(flags.scope ?? 'full');
  const hours = requireHours(flags.hours);
  // A token that may do less, in the place of the one that --as takes, would surprise at 3 a.m.
  if (flags.out === undefined && scopeText(scope) !== 'full') {
    throw new Failure('usage', 'A token of less than full scope does not go where --as looks: name a file with --out.');
  }
  const { deployment } = await session.anonymous.call(healthRoutes.ready, {});
  const key = await openKey(session, flags.key);
  const path = flags.out ?? tokenFile(session.settings.home, flags.as ?? operator);
  const wanted = { deployment, operator, scope: scopeText(scope), hours, path };
  const { id, expiresAt } = await getToken(session, key, wanted);
  session.out.data({ operator, token: id, scope: wanted.scope, tokenFile: path, expiresAt }, () => [
    `The token is in ${path}, valid until ${hours < 48 ? `${expiresAt.slice(0, 16)} UTC` : expiresAt.slice(0, 10)}.`,
  ]);
}

async function list({ api, out }: Session, everybody: boolean): Promise<void> {
  const { tokens } = await api.call(operatorRoutes.listTokens, { query: { of: everybody ? 'everybody' : 'me' } });
  out.data({ tokens }, () =>
    table(
      ['token', 'of', 'scope', 'made', 'ends', 'last used (by the hour)'],
      tokens.map((one) => [
        one.token,
        one.operatorId,
        one.scope.join(' '),
        one.createdAt.slice(0, 16),
        one.expiresAt.slice(0, 16),
        one.lastUsedAt?.slice(0, 13) ?? 'never',
      ]),
    ),
  );
}

async function revoke({ api, out }: Session, typed: string): Promise<void> {
  const token = requireToken(typed);
  const { revoked } = await api.call(operatorRoutes.revokeToken, { params: { token } });
  out.data({ token, revoked }, () => [
    revoked ? `${token} is revoked: it does nothing from now on.` : `${token} was revoked before.`,
  ]);
}

function requireScope(text: string): readonly TokenScope[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const scope = parseScope([...new Set(words)].toSorted().join(' '));
  if (scope !== null) return scope;
  throw new Failure('usage', `--scope takes words of ${tokenScopes.join(', ')}; for several: --scope halt,read`);
}

function requireHours(text: string | undefined): number {
  if (text === undefined) return maxTokenHours;
  const hours = /^[0-9]{1,3}$/.test(text) ? Number(text) : 0;
  if (hours >= 1 && hours <= maxTokenHours) return hours;
  throw new Failure('usage', `--hours takes a whole number from 1 to ${maxTokenHours}.`);
}
