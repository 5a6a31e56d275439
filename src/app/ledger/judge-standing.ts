import type { SignedCheckpoint } from '../../domain/ledger/checkpoint.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { CheckpointLog } from '../ports/checkpoint-log.ts';
import type { PermitJournal } from '../ports/permit-journal.ts';
import { noteFallenBehind } from '../rollout/note-fallen-behind.ts';
import { findLoss } from './find-loss.ts';
import type { ChainLoss, FindLossDeps } from './find-loss.ts';
import { firstLost, readNewestHeads } from './newest-heads.ts';

export interface JudgeStandingDeps extends Omit<FindLossDeps, 'journals'> {
  readonly journal: PermitJournal;
}

/**
 * Compares the database with the checkpoints and the journal of this machine, and says in it when it lacks something.
 * Null: it may be believed; else why nothing is sent or acted on. `Failure('environment-mismatch')` where the checkpoints
 * are those of another deployment: then one of the two is not what it was meant to be.
 */
export async function judgeStanding(deps: JudgeStandingDeps): Promise<string | null> {
  const { heads, last } = await readNewestHeads(deps.log);
  refuseForeign(deps, last);
  const entries = deps.journal.entries();
  const isDoubtful = (await deps.store.transact((tx) => firstLost(tx, heads))) !== null;
  // Every signature of the file is looked at only where the file is to be believed against the database.
  const log = isDoubtful ? deps.log : noLines;
  const { chains } = await findLoss({ ...deps, log, journals: [{ host: deps.journal.host, entries }] });
  const worst = chains.find((one) => one.chain === 'installation') ?? chains[0];
  if (worst !== undefined) await noteFallenBehind(deps.store, inWords(worst), deps.journal.host);
  const behind = await deps.store.transact((tx) => tx.standing.behind());
  return behind?.reason ?? null;
}

const noLines: Pick<CheckpointLog, 'lines'> = {
  async *lines() {
    // Nothing was found to look for.
  },
};

function inWords({ chain, agreedSeq, seenThrough, seenBy }: ChainLoss): string {
  const by = seenBy === 'checkpoint' ? 'a signed checkpoint' : 'the permit journal of this machine';
  return `the database agrees with ${by} up to entry ${agreedSeq} of ${chain} only, and that saw entry ${seenThrough}`;
}

function refuseForeign(deps: JudgeStandingDeps, checkpoint: SignedCheckpoint | null): void {
  if (checkpoint === null || checkpoint.deployment === deps.deploymentId) return;
  throw new Failure(
    'environment-mismatch',
    `The checkpoints on this machine are those of ${checkpoint.deployment}, and the database is that of ${deps.deploymentId}. ` +
      'Correct DATABASE_URL or ALLCLEAR_HOME. A new installation gets a home of its own.',
    { checkpoints: checkpoint.deployment, database: deps.deploymentId },
  );
}
