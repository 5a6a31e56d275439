import { doubtful, failing, sound } from '../../app/doctor/finding.ts';
import type { CheckFinding } from '../../app/doctor/finding.ts';
import { problem } from '../../contract/problem.ts';

/** Longer than a sound server takes with every connection busy. */
const serverTimeoutMs = 3_000;

/** Whether the server answers that it is ready, and its own words where it is not. */
export async function checkServer(url: string): Promise<CheckFinding> {
  const answer = await fetch(new URL('/readyz', url), { signal: AbortSignal.timeout(serverTimeoutMs) }).catch(
    () => null,
  );
  if (answer === null)
    return doubtful('server', `nothing answers at ${url}`, 'Start it: systemctl start allclear-server, or npm start.');
  const body: unknown = await answer.json().catch(() => null);
  if (answer.ok) return sound('server', `ready at ${url}`);
  const told = problem.safeParse(body);
  return told.success
    ? failing('server', `${url} answers ${answer.status}: ${told.data.title}`, told.data.next)
    : failing(
        'server',
        `${url} answers ${answer.status} and does not say why: another program or a proxy may stand there`,
        'See what listens there, and what PORT or ALLCLEAR_URL name: allclear config show',
      );
}
