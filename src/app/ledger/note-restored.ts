import type { Tx } from '../ports/store.ts';
import { subjectOf } from '../rollout/halt-rollout.ts';

const reason = 'this database was restored from a backup; nothing resumes by itself';

/**
 * What a restored database says of itself, in the transaction that restores it: everything halted, and nothing sent until a
 * person accepted what may be lost since. Answers the rollouts that stand.
 */
export async function noteRestored(
  tx: Tx,
  { backupOf, on }: { readonly backupOf: string; readonly on: string },
): Promise<readonly string[]> {
  const halted: string[] = [];
  for (const rollout of await tx.rollouts.unfinished()) {
    const tracks = (await tx.rollouts.tracks(rollout.no)).map((track) => track.track);
    await tx.rollouts.haltTracks(rollout.no, tracks, 'restore', [reason]);
    halted.push(subjectOf(rollout));
  }
  await tx.standing.noteBehind({
    kind: 'restored',
    reason: `it was restored from a backup of ${backupOf}, and what was done since is not in it`,
    foundOn: on,
  });
  await tx.ledger.append({ chain: 'installation', event: 'deployment.restored', body: { backupOf, halted } });
  return halted;
}
