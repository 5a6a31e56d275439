import type { Clock } from '../ports/clock.ts';
import type { Store, Tx } from '../ports/store.ts';
import { readCheckpoints } from '../ledger/read-checkpoints.ts';
import type { ReadCheckpointsDeps } from '../ledger/read-checkpoints.ts';
import type { CheckFinding } from './finding.ts';
import { doubtful, failing, sound } from './finding.ts';

/** `ledger verify` reads all of it; this is the quick look. */
const chainsAtMost = 200;
/** The server writes one a minute while anything moves. */
const oldMs = 10 * 60_000;
const runbook = 'Halt, keep everything as it is, run: allclear ledger verify. See docs/runbooks/ledger-mismatch.md.';

/** Compares the ends of the newest chains with what the last signed checkpoints saw of them. */
export async function checkLedger(
  deps: ReadCheckpointsDeps & { readonly store: Store; readonly clock: Clock },
): Promise<CheckFinding> {
  const check = 'ledger';
  const { marks, findings, count, lastAt } = await readCheckpoints(deps);
  const [bad] = findings;
  if (bad !== undefined) return failing(check, `checkpoint file: ${bad.detail}`, runbook);
  const wrong = await deps.store.transact(async (tx) => {
    const tips = await tx.ledger.tips();
    const known = new Set(tips.map((tip) => tip.chain));
    const gone = [...marks.keys()].find((chain) => !known.has(chain));
    if (gone !== undefined) return `chain ${gone} is in the checkpoints and not in the database`;
    for (const tip of tips.slice(-chainsAtMost)) {
      const last = (marks.get(tip.chain) ?? []).reduce<Mark | null>(later, null);
      const found = await disagreement(tx, tip, last);
      if (found !== null) return found;
    }
    return null;
  });
  if (wrong !== null) return failing(check, wrong, runbook);
  if (lastAt === null)
    return doubtful(check, 'no checkpoint was written yet', 'Start the server: it writes one a minute.');
  const heads = await deps.store.transact((tx) => tx.ledger.heads());
  const moved = heads.some((head) => !(marks.get(head.chain) ?? []).some((mark) => mark.hash === head.hash));
  const isOld = deps.clock.now().getTime() - Date.parse(lastAt) > oldMs;
  if (moved && isOld)
    return doubtful(
      check,
      `entries were written since the last checkpoint of ${lastAt}`,
      'Start the server, and see that it can write checkpoints.ndjson in the home folder.',
    );
  return sound(check, `the ends of its chains agree with ${count} checkpoints, the last ${lastAt}`);
}

type Mark = { readonly seq: number; readonly hash: string };

function later(best: Mark | null, mark: Mark): Mark {
  return best !== null && best.seq >= mark.seq ? best : mark;
}

async function disagreement(
  tx: Tx,
  tip: Awaited<ReturnType<Tx['ledger']['tips']>>[number],
  mark: Mark | null,
): Promise<string | null> {
  const { chain, head, lastSeq } = tip;
  if (head === null || head.seq !== lastSeq) return `the head of ${chain} is not its last entry, ${lastSeq}`;
  if (mark === null) return null;
  if (lastSeq < mark.seq) return `${chain} ends at ${lastSeq}, and a checkpoint saw ${mark.seq}`;
  const [row] = await tx.ledger.readRows(chain, mark.seq - 1, 1);
  return row?.seq === mark.seq && row.hash === mark.hash
    ? null
    : `entry ${mark.seq} of ${chain} is not the one that a checkpoint saw`;
}
