import { quorumFor } from '../../domain/retraction/quorum-for.ts';
import type { FrozenRetraction } from '../../domain/retraction/frozen-retraction.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { accountId, numberOf } from '../../domain/shared/ids.ts';
import type { OperatorId, RetractionId } from '../../domain/shared/ids.ts';
import { checkQuorum } from '../approval/check-quorum.ts';
import type { ReadApprovalsDeps } from '../approval/read-approvals.ts';
import type { NoticeNumbers } from '../ports/notice-numbers.ts';
import type { NewLetter } from '../ports/rollout-store.ts';
import type { Store, Tx } from '../ports/store.ts';
import { requireHalted } from './draft-retraction.ts';

const page = 1_000;
import { refuseLostStart } from '../rollout/refuse-lost-start.ts';

export interface StartRetractionDeps extends ReadApprovalsDeps {
  readonly store: Store;
  readonly noticeNumbers: NoticeNumbers;
  readonly codeVersion: string;
}

export type StartRetractionResult =
  | { readonly kind: 'started'; readonly rolloutNo: number }
  | { readonly kind: 'waiting'; readonly have: number; readonly required: number };

/**
 * Starts the retraction once enough people said yes to its digest: passwords back on the track `restore`, letters on
 * the track `correct`. It has its own epoch and halt, and leaves the plan halted.
 */
export async function startRetraction(
  deps: StartRetractionDeps,
  id: RetractionId,
  by: OperatorId,
): Promise<StartRetractionResult> {
  return deps.store.transact(async (tx) => {
    await tx.approvals.lockSubject(id);
    const retraction = await tx.retractions.read(id);
    if (retraction === null) throw new Failure('not-found', `There is no ${id}.`, { retraction: id });
    if ((await tx.rollouts.find('retraction', numberOf(id))) !== null) {
      throw new Failure('conflict', `${id} was started already. See: allclear rollout status ${id}`, {
        retraction: id,
      });
    }
    await refuseLostStart(tx, id);
    const needed = quorumFor(retraction.affected);
    const quorum = await checkQuorum(deps, tx, {
      subject: id,
      digest: retraction.digest,
      decision: 'approve',
      required: needed.people,
      author: needed.authorMayApprove ? null : `operator_${retraction.authorNo}`,
    });
    await requireUnchanged(deps, tx, retraction);
    if (quorum.kind === 'missing') return { kind: 'waiting', have: quorum.have, required: quorum.required };
    const plan = await tx.rollouts.find('plan', numberOf(retraction.plan));
    if (plan !== null) await requireHalted(tx, plan.no, retraction.plan);
    return { kind: 'started', rolloutNo: await begin(deps, tx, retraction, by) };
  });
}

/** What people said yes to is what is in the tables now (I21). */
async function requireUnchanged(deps: StartRetractionDeps, tx: Tx, retraction: FrozenRetraction): Promise<void> {
  const { digests } = deps;
  const hash = digests.sha256Stream();
  for (let from = 0; ; from += page) {
    const targets = await tx.retractions.targets(retraction.id, from, page);
    if (targets.length === 0) break;
    for (const target of targets) hash.update(`${digests.canonical(target)}\n`);
  }
  const { header, digest } = retraction;
  if (hash.digest() === header.targets.digest && digests.sha256(digests.canonical(header)) === digest) return;
  throw new Failure(
    'digest-mismatch',
    `${retraction.id} is no longer what was approved: it changed in the database. Nothing was started. ` +
      `Find out who wrote to the database, and draw up a new one: allclear retract ${retraction.plan}`,
    { retraction: retraction.id },
  );
}

async function begin(deps: StartRetractionDeps, tx: Tx, retraction: FrozenRetraction, by: OperatorId): Promise<number> {
  const { targets, waves } = retraction.header;
  const rolloutNo = await tx.rollouts.create({
    kind: 'retraction',
    subjectNo: numberOf(retraction.id),
    digest: retraction.digest,
    codeVersion: deps.codeVersion,
    startedByNo: numberOf(by),
  });
  await tx.rollouts.addLetters(rolloutNo, 'correct', await lettersOf(deps, tx, retraction));
  await tx.rollouts.addTrack(rolloutNo, {
    track: 'restore',
    members: targets.restore,
    waveEnds: waves.containEnds,
    soakSeconds: [0],
  });
  await tx.rollouts.addTrack(rolloutNo, {
    track: 'correct',
    members: targets.correct,
    waveEnds: waves.tellEnds,
    soakSeconds: [0],
  });
  await tx.ledger.append({
    chain: 'installation',
    event: 'retraction.started',
    body: { retraction: retraction.id, plan: retraction.plan, rollout: rolloutNo, digest: retraction.digest, by },
  });
  return rolloutNo;
}

async function lettersOf(
  deps: StartRetractionDeps,
  tx: Tx,
  retraction: FrozenRetraction,
): Promise<readonly NewLetter[]> {
  const letters: NewLetter[] = [];
  for (let from = 0; ; from += page) {
    const targets = await tx.retractions.targets(retraction.id, from, page);
    if (targets.length === 0) return letters;
    for (const target of targets) {
      if (target.letter === null) continue;
      const account = accountId(target.accountId);
      letters.push({
        accountId: account,
        planNo: numberOf(retraction.plan),
        planOrdinal: target.planOrdinal,
        templateKind: target.letter,
        conditional: target.conditional,
        noticeNumber: deps.noticeNumbers(retraction.plan, account, target.letter),
      });
    }
  }
}
