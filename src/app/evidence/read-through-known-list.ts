import { Failure } from '../../domain/shared/failure.ts';
import type { EvidenceBatch } from '../ports/evidence-store.ts';
import type { ListMark, ListReader } from '../ports/list-reader.ts';
import type { ImportOutcome } from './import-request.ts';
import type { OnImportProgress } from './import-progress.ts';

/** Reading 1,000 lines at a time, a word each time would be noise. */
const sayEveryLines = 1_000_000;

/**
 * The list began as finished ones did: reads it to its end without hashing one password, and answers with the batch
 * whose list it is. A list that grew since, or differs, is refused: what was skipped is gone with the stream.
 */
export async function readThroughKnownList(
  reader: ListReader,
  stream: AsyncIterable<Uint8Array>,
  batches: readonly EvidenceBatch[],
  onProgress: OnImportProgress,
): Promise<ImportOutcome> {
  let end: ListMark | null = null;
  let said = 0;
  for await (const mark of reader.readMarks(stream)) {
    end = mark;
    if (mark.lines - said < sayEveryLines) continue;
    said = mark.lines;
    onProgress({ phase: 'reading', batch: null, lines: mark.lines, bytes: mark.bytes });
  }
  const same = batches.find((batch) => batch.mark.prefixDigest === end?.prefixDigest);
  if (same !== undefined) return { kind: 'already-imported', batch: same.batch };
  const names = batches.map((batch) => batch.batch);
  throw new Failure(
    'conflict',
    `This list begins as that of ${names.join(', ')} did and then differs. Import it as a list of its own: anew.`,
    { batches: names },
  );
}
