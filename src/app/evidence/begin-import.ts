import type { BatchId, Digest } from '../../domain/shared/ids.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { Directory } from '../ports/directory.ts';
import type { EvidenceBatch } from '../ports/evidence-store.ts';
import type { Store } from '../ports/store.ts';
import type { ImportRequest } from './import-request.ts';

/** Names are shown in tables and mails to operators. */
const maxNameCharacters = 200;
/** C0 and C1 controls: a file name with an escape sequence must not reach a terminal. */
const controls = /\p{Cc}/gu;

export type BegunImport =
  | { readonly kind: 'batch'; readonly batch: EvidenceBatch }
  /** Finished batches whose lists began with the same bytes: the list may be one of these. */
  | { readonly kind: 'known'; readonly batches: readonly EvidenceBatch[] };

/** Finds the batch that this list belongs to, by its first bytes, or begins one. */
export async function beginImport(
  deps: { readonly store: Store; readonly directory: Directory },
  request: ImportRequest,
  headDigest: Digest,
): Promise<BegunImport> {
  const sourceName = refuseBadName('source', request.source.name);
  const reportedBy = request.reportedBy === null ? null : refuseBadName('reporter', request.reportedBy);
  if ((request.class === 'reported') !== (reportedBy !== null)) {
    throw new Failure(
      'usage',
      'A list of reported accounts, and only such a list, names the person who reports them. Say who it is.',
    );
  }
  return deps.store.transact(async (tx) => {
    const { source, made } = await tx.evidence.ensureSource(sourceName, request.source.authority);
    if (made) {
      await tx.ledger.append({
        chain: 'installation',
        event: 'source.created',
        body: { source: source.name, authority: source.authority, by: request.importer },
      });
    }
    if (source.authority !== request.source.authority) {
      throw new Failure(
        'conflict',
        `Source ${source.name} is an ${source.authority} source. Use another name for ${request.source.authority} evidence.`,
        { source: source.name, authority: source.authority },
      );
    }
    if (!request.anew) {
      const before = await tx.evidence.batchesByHead(source.sourceNo, request.class, headDigest);
      const unfinished = before.find((batch) => batch.state === 'importing');
      if (unfinished !== undefined) return { kind: 'batch', batch: unfinished };
      const finished = before.filter((batch) => batch.state === 'finished');
      if (finished.length > 0) return { kind: 'known', batches: finished };
    }
    const id: BatchId = await tx.evidence.beginBatch({
      sourceNo: source.sourceNo,
      class: request.class,
      directory: deps.directory.name,
      fileName: request.fileName.replace(controls, '').slice(0, maxNameCharacters),
      importedBy: request.importer,
      reportedBy,
      headDigest,
    });
    const batch = await tx.evidence.readBatch(id);
    if (batch === null) throw new Failure('internal', `${id} was begun and cannot be read.`, { batch: id });
    await tx.ledger.append({
      chain: 'installation',
      event: 'evidence.import-begun',
      body: { batch: id, source: source.name, class: request.class, headDigest, by: request.importer },
      personal: { fileName: batch.fileName, ...(reportedBy === null ? {} : { reportedBy }) },
    });
    return { kind: 'batch', batch };
  });
}

function refuseBadName(what: 'source' | 'reporter', name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > maxNameCharacters || trimmed.search(controls) !== -1) {
    throw new Failure('usage', `A ${what} has a name of 1 to ${maxNameCharacters} printable characters.`);
  }
  return trimmed;
}
