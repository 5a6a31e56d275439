import { Failure } from '../shared/failure.ts';
import { parseStatement } from './approval-statement.ts';
import type { ApprovalStatement } from './approval-statement.ts';

/** What the person means to say yes to, known on their own side. Left out: what that side does not know. */
export type MeantStatement = Pick<ApprovalStatement, 'digest' | 'total'> &
  Partial<Pick<ApprovalStatement, 'deployment' | 'directory'>> & {
    readonly decision: string;
    /** Null where the yes stands on no review. */
    readonly review: string | null;
  };

/** A yes lapses after a day; more than this would be no statement of ours, whatever two clocks say. */
const maxValidMs = 25 * 3_600_000;

/**
 * That a text which a server offers for a signature says what the person means and nothing else. A passkey shows its
 * person nothing of what it signs. `Failure('digest-mismatch')`: nothing is to be signed.
 */
export function checkOfferedStatement(
  canonical: (value: unknown) => string,
  text: string,
  meant: MeantStatement,
  now: Date,
): void {
  const offered = parseStatement(text, canonical);
  if (offered === null) throw differs('it is no statement of an approval');
  for (const name of ['digest', 'total', 'decision', 'deployment', 'directory'] as const) {
    if (meant[name] !== undefined && offered[name] !== meant[name]) throw differs(`its ${name} is another`);
  }
  if ((offered.review ?? null) !== meant.review) throw differs('it stands on another review than yours');
  if (Date.parse(offered.expiry) > now.getTime() + maxValidMs) throw differs('it would hold for longer than a day');
}

function differs(what: string): Failure {
  return new Failure(
    'digest-mismatch',
    `The server asks for a yes to something else than what is shown: ${what}. Nothing was signed. Tell whoever runs the server.`,
  );
}
