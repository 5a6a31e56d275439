import type { MeantStatement } from '../../../src/domain/approval/offered-statement.ts';
import { recomputeRetraction } from '../../../src/domain/retraction/recompute-retraction.ts';
import type { RetractionExportLine } from '../../../src/domain/retraction/recompute-retraction.ts';
import { Failure } from '../../../src/domain/shared/failure.ts';
import { call, send } from '../api/call.ts';
import type { Answer } from '../api/routes.ts';
import type { Where } from '../api/where.ts';
import { exportLines } from '../digest/export-lines.ts';
import type { ReadSoFar } from '../digest/export-lines.ts';
import { hashing } from '../digest/hashing.ts';

/** What the page shows of the retraction. */
export type ShownRetraction = Pick<
  Answer<'get /api/v1/retractions/{subject}'>,
  'retraction' | 'plan' | 'digest' | 'affected'
> & {
  /** Null where the page names none. */
  readonly directory: string | null;
};

/**
 * Reads the export of a retraction and computes in the browser what a yes to it is to. Throws `Failure('digest-mismatch')` where
 * it is not what the page shows.
 */
export async function recomputeShownRetraction(
  shown: ShownRetraction,
  decision: string,
  onRead: (soFar: ReadSoFar) => void,
  signal: AbortSignal,
  where: Where = 'live',
): Promise<MeantStatement> {
  const params = { retraction: shown.retraction };
  const response = await send('post /api/v1/retractions/{retraction}/exports', { params }, { signal, where });
  const lines = exportLines<RetractionExportLine>(
    response,
    (line) => (line.kind === 'retraction' ? line.header.targets.total : null),
    onRead,
  );
  const { digest, header, affected } = await recomputeRetraction(hashing, lines);
  const { deployment } = await call('get /api/v1/deployment', {}, { signal, where });
  if (header.retraction !== shown.retraction || header.plan !== shown.plan)
    throw differs(`the server sent ${header.retraction} of ${header.plan}`);
  if (digest !== shown.digest) throw differs(`computed here its digest is ${digest}`);
  if (affected !== shown.affected) throw differs(`it concerns ${affected} people`);
  const isElsewhere = shown.directory !== null && header.directory !== shown.directory;
  if (isElsewhere || header.deployment !== deployment)
    throw differs(`it acts on the directory ${header.directory} of the deployment ${header.deployment}`);
  return { digest, total: affected, decision, deployment, directory: header.directory, review: null };
}

function differs(what: string): Failure {
  return new Failure('digest-mismatch', `The retraction is not what this page shows: ${what}. Nothing was signed.`);
}
