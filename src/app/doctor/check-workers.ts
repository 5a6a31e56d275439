import type { Store } from '../ports/store.ts';
import type { CheckFinding } from './finding.ts';
import { doubtful, failing, sound } from './finding.ts';

/** A worker beats several times a second while it is idle, and after each round of its steward otherwise. */
export const aliveSeconds = 10;
/** Longer ago it was stopped on purpose, or somebody knows. */
const rememberedSeconds = 3_600;

/** Who works, and whether all of them, the server and this command are the same code. */
export async function checkWorkers(store: Store, ownVersion: string): Promise<readonly CheckFinding[]> {
  const { workers, serverVersion, running, mailHolds } = await store.transact(async (tx) => ({
    workers: await tx.operation.workers(rememberedSeconds),
    serverVersion: await tx.operation.lastServerVersion(),
    running: await hasRunning(tx),
    mailHolds: await tx.rollouts.mailHolds(),
  }));
  const alive = workers.filter((worker) => worker.silentSeconds <= aliveSeconds);
  const hosts = [...new Set(alive.map((worker) => worker.host))].join(', ');
  const findings: CheckFinding[] = [
    alive.length > 0
      ? sound('workers', `${alive.length} heard within ${aliveSeconds} s, on ${hosts}`)
      : (running ? failing : doubtful)(
          'workers',
          `none was heard within ${aliveSeconds} s`,
          'Start one: systemctl start allclear-worker@1, or npm start.',
        ),
  ];
  for (const { why, workers: count } of mailHolds)
    findings.push(
      failing(
        'mail of workers',
        `${count} of them hold mail back: ${why}`,
        'Mend the mail server, SMTP_URL or the certificate. They look again within minutes, and nobody is given up for it.',
      ),
    );
  if (serverVersion === null) {
    findings.push(doubtful('code version', 'no server ever started on this database', 'Start the server.'));
    return findings;
  }
  const others = new Set([ownVersion, ...alive.map((worker) => worker.codeVersion)]);
  others.delete(serverVersion);
  findings.push(
    others.size === 0
      ? sound('code version', `server, workers and this command run ${serverVersion}`)
      : doubtful(
          'code version',
          `the server started as ${serverVersion}; here or in a worker runs ${[...others].join(', ')}`,
          'Halt, put one version everywhere, start again. A plan runs only under the version that it was approved for.',
        ),
  );
  return findings;
}

async function hasRunning(tx: Parameters<Parameters<Store['transact']>[0]>[0]): Promise<boolean> {
  for (const rollout of await tx.rollouts.unfinished()) {
    const tracks = await tx.rollouts.tracks(rollout.no);
    if (tracks.some((track) => track.phase === 'running')) return true;
  }
  return false;
}
