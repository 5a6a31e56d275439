import { digestWords } from '../../domain/approval/digest-words.ts';
import type { PlanAction } from '../../domain/plan/frozen-plan.ts';
import { quorumFor } from '../../domain/retraction/quorum-for.ts';
import type { FrozenRetraction } from '../../domain/retraction/frozen-retraction.ts';
import type { TerminalState } from '../../domain/retraction/terminal-state.ts';
import { conserveMembers } from '../../domain/rollout/conserve-members.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { accountId, isTypedId, numberOf } from '../../domain/shared/ids.ts';
import type { AccountId, PlanId, RetractionId } from '../../domain/shared/ids.ts';
import { showApprovals } from '../approval/show-approvals.ts';
import type { ShownApprovals } from '../approval/show-approvals.ts';
import type { ReadApprovalsDeps } from '../approval/read-approvals.ts';
import type { RetractionOutcome } from '../ports/retraction-store.ts';
import type { Store, Tx } from '../ports/store.ts';
import { endOf, tallyRetraction } from './tally-retraction.ts';
import type { RetractionTally } from './tally-retraction.ts';

/** Lines of one page, and lines of the remainder that are listed by account; its count is always whole. */
const largestPage = 1_000;

export interface ShowRetractionDeps extends ReadApprovalsDeps {
  readonly store: Store;
}

export interface RetractionLine extends TerminalState {
  readonly accountId: AccountId;
  readonly ordinal: number;
  readonly decision: string;
  readonly reason: string;
  /** Which letter is owed: `final`, `confirmed`, or none. */
  readonly owed: 'final' | 'confirmed' | null;
  readonly conditional: boolean;
}

export interface ShownRetraction {
  readonly retraction: RetractionId;
  readonly plan: PlanId;
  /** What that plan did, and this puts right. */
  readonly action: PlanAction;
  readonly digest: string;
  /** Its first 66 bits in six words, to be compared by voice. */
  readonly digestWords: string;
  readonly author: string;
  readonly createdAt: string;
  /** Accounts that get their password back or a letter: what an approver types. */
  readonly affected: number;
  readonly decisions: Readonly<Record<string, number>>;
  readonly reasons: Readonly<Record<string, number>>;
  readonly approvals: ShownApprovals;
  /** Accounts in each wave. */
  readonly waves: { readonly restore: readonly number[]; readonly correct: readonly number[] };
  readonly started: boolean;
  /** Where the accounts stand now; before the start everything to be done is `open`. */
  readonly tally: RetractionTally;
  /** The first accounts that are in no terminal state; `tally.remainder` counts all of them. */
  readonly remainder: readonly RetractionLine[];
  readonly lines: readonly RetractionLine[];
  /** Where the next page begins; null after the last. */
  readonly nextOrdinal: number | null;
}

/** A retraction, or the newest of a plan, account by account. `Failure('not-found')`. */
export async function showRetraction(
  deps: ShowRetractionDeps,
  subject: RetractionId | PlanId,
  page: { readonly from: number; readonly limit: number } = { from: 0, limit: 100 },
): Promise<ShownRetraction> {
  return deps.store.transact(async (tx) => {
    const retraction = await findRetraction(tx, subject);
    const { id, header } = retraction;
    const remainder: RetractionLine[] = [];
    const tally = await tallyRetraction(tx, id, (line, end) => {
      if (!end.isTerminal && remainder.length < largestPage) remainder.push(shownLine(line, end));
    });
    conserveMembers(`${id}, accounts`, header.targets.total, tally.credentials);
    conserveMembers(`${id}, letters`, header.targets.total, tally.letters);
    const limit = Math.min(Math.max(1, page.limit), largestPage);
    const lines = await tx.retractions.outcomes(id, page.from, limit);
    const next = page.from + lines.length;
    const needed = quorumFor(retraction.affected);
    return {
      retraction: id,
      plan: retraction.plan,
      action: (await tx.plans.read(retraction.plan))?.header.action ?? 'reset',
      digest: retraction.digest,
      digestWords: digestWords(retraction.digest),
      author: header.author,
      createdAt: header.createdAt,
      affected: retraction.affected,
      decisions: header.targets.decisions,
      reasons: header.targets.reasons,
      approvals: await showApprovals(deps, tx, retraction, {
        required: needed.people,
        author: needed.authorMayApprove ? null : `operator_${retraction.authorNo}`,
      }),
      waves: { restore: sizesOf(header.waves.containEnds), correct: sizesOf(header.waves.tellEnds) },
      started: (await tx.rollouts.find('retraction', numberOf(id))) !== null,
      tally,
      remainder,
      lines: lines.map((line) => shownLine(line, endOf(line))),
      nextOrdinal: next < header.targets.total ? next : null,
    };
  });
}

function sizesOf(ends: readonly number[]): readonly number[] {
  return ends.map((end, wave) => end - (ends[wave - 1] ?? 0));
}

async function findRetraction(tx: Tx, subject: RetractionId | PlanId): Promise<FrozenRetraction> {
  const found = isTypedId('retraction', subject)
    ? await tx.retractions.read(subject)
    : ((await tx.retractions.ofPlan(subject as PlanId))[0] ?? null);
  if (found !== null) return found;
  const isPlan = isTypedId('plan', subject);
  throw new Failure(
    'not-found',
    isPlan ? `${subject} has no retraction. Draw one up: allclear retract ${subject}` : `There is no ${subject}.`,
    { subject },
  );
}

/** One account of a retraction as its reader sees it. */
export function shownLine(line: RetractionOutcome, end: TerminalState): RetractionLine {
  const { ordinal, decision, reason, letter: owed, conditional } = line;
  return { accountId: accountId(line.accountId), ordinal, decision, reason, owed, conditional, ...end };
}
