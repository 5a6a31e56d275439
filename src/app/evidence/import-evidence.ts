import type { ListClass } from '../../domain/evidence/evidence.ts';
import { addRefusals } from '../../domain/evidence/refusal.ts';
import type { RefusalCounts } from '../../domain/evidence/refusal.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { Clock } from '../ports/clock.ts';
import type { EvidenceBatch } from '../ports/evidence-store.ts';
import type { ListMark, ListReader, ListSlice } from '../ports/list-reader.ts';
import { beginImport } from './begin-import.ts';
import { buildAddressIndex } from './build-address-index.ts';
import { finishImport } from './finish-import.ts';
import type { OnImportProgress } from './import-progress.ts';
import type { ImportOutcome, ImportRequest } from './import-request.ts';
import type { ListMatcher } from './list-matcher.ts';
import { makeAccountRowMatcher } from './match-account-rows.ts';
import { makeCredentialMatcher } from './match-credentials.ts';
import type { CredentialMatchDeps } from './match-credentials.ts';
import { readThroughKnownList } from './read-through-known-list.ts';
import { recordFindings } from './record-findings.ts';
import type { RecordDeps } from './record-findings.ts';

/** A flush is what a crash can cost: half a minute of bcrypt-10 on one core. */
const flushRows = 500;
/** Lines between two commits where nothing is found: about a tenth of a second of reading. */
const flushLines = 100_000;

export interface ImportDeps extends RecordDeps, CredentialMatchDeps {
  readonly reader: ListReader;
  readonly clock: Clock;
}

/**
 * Reads a list once, as a stream, and keeps of it only verdicts, digests and counts. An interrupted import of the same
 * list goes on after its last committed line. Nothing in the list is fatal; an empty one is refused
 * (`import-unreadable`), and so is one that began as an earlier list and then differs (`conflict`), unless `anew`.
 */
export async function importEvidence(
  deps: ImportDeps,
  request: ImportRequest,
  onProgress: OnImportProgress,
): Promise<ImportOutcome> {
  const head = await deps.reader.readHead(request.stream);
  try {
    if (head.isEmpty) {
      throw new Failure('import-unreadable', 'The list is empty. Look at the file, then import it again.');
    }
    const begun = await beginImport(deps, request, head.headDigest);
    if (begun.kind === 'known') return await readThroughKnownList(deps.reader, head.stream, begun.batches, onProgress);
    return await importIntoBatch(deps, request.class, begun.batch, head.stream, onProgress);
  } finally {
    // A list that was refused unread would otherwise hold its file or connection open.
    await head.stream[Symbol.asyncIterator]().return?.();
  }
}

async function importIntoBatch(
  deps: ImportDeps,
  listClass: ListClass,
  batch: EvidenceBatch,
  stream: AsyncIterable<Uint8Array>,
  onProgress: OnImportProgress,
): Promise<ImportOutcome> {
  const cut = batch.mark.lines;
  switch (listClass) {
    case 'credentials': {
      const index = await buildAddressIndex(deps, onProgress);
      await importRows(
        deps,
        batch,
        deps.reader.readCredentials(stream, index, cut),
        makeCredentialMatcher(deps),
        onProgress,
      );
      break;
    }
    case 'observed':
    case 'reported': {
      const slices =
        listClass === 'observed' ? deps.reader.readObserved(stream, cut) : deps.reader.readReported(stream, cut);
      await importRows(deps, batch, slices, makeAccountRowMatcher(deps.directory, listClass), onProgress);
      break;
    }
  }
  await finishImport(deps, batch.batch);
  return { kind: 'imported', batch: batch.batch, resumedAfterLine: cut };
}

/** Rows that were read and not yet committed. */
interface Pending<Row> {
  rows: Row[];
  accepted: number;
  refused: RefusalCounts;
  mark: ListMark;
}

async function importRows<Row>(
  deps: ImportDeps,
  batch: EvidenceBatch,
  slices: AsyncIterable<ListSlice<Row>>,
  matcher: ListMatcher<Row>,
  onProgress: OnImportProgress,
): Promise<void> {
  const settled = batch.mark;
  let committed: ListMark = settled;
  let pending: Pending<Row> = { rows: [], accepted: 0, refused: {}, mark: settled };
  const hashing = { candidatesSoFar: 0, secondsSoFar: 0 };
  const flush = async () => {
    if (pending.mark.lines === committed.lines) return;
    const { lines, bytes } = pending.mark;
    const soFar = { ...hashing };
    const startedMs = deps.clock.monotonicMs();
    const matched = await matcher.match(pending.rows, (told) => {
      hashing.candidatesSoFar = soFar.candidatesSoFar + told.candidates;
      hashing.secondsSoFar = soFar.secondsSoFar + (deps.clock.monotonicMs() - startedMs) / 1_000;
      onProgress({ phase: 'verifying', batch: batch.batch, lines, bytes, ...told, ...hashing });
    });
    await recordFindings(deps, batch.batch, committed.lines, matched.findings, {
      mark: pending.mark,
      accepted: pending.accepted,
      linesMet: matched.linesMet,
      candidates: matched.candidates,
      refused: addRefusals(pending.refused, matched.refused),
    });
    committed = pending.mark;
    pending = { rows: [], accepted: 0, refused: {}, mark: committed };
    onProgress({ phase: 'reading', batch: batch.batch, lines, bytes });
  };

  let end: ListMark | null = null;
  for await (const slice of slices) {
    end = slice.mark;
    if (slice.mark.lines <= settled.lines) {
      if (slice.mark.lines === settled.lines) refuseOtherList(batch, slice.mark);
      await matcher.replay(slice.rows);
      continue;
    }
    pending.rows.push(...slice.rows);
    pending.accepted += slice.accepted;
    pending.refused = addRefusals(pending.refused, slice.refused);
    pending.mark = slice.mark;
    if (pending.rows.length >= flushRows || slice.mark.lines - committed.lines >= flushLines) await flush();
  }
  if ((end?.lines ?? 0) < settled.lines) refuseOtherList(batch, end);
  await flush();
}

function refuseOtherList(batch: EvidenceBatch, mark: ListMark | null): void {
  if (mark?.prefixDigest === batch.mark.prefixDigest) return;
  throw new Failure(
    'conflict',
    `This list begins as that of the unfinished ${batch.batch} did and then differs. Import it as a list of its own (anew), or finish ${batch.batch} with its own list.`,
    { batch: batch.batch, linesSettled: batch.mark.lines },
  );
}
