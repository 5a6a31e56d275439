import type { Finding } from '../../domain/evidence/finding.ts';
import { decodeLines, encodeLines } from '../../domain/evidence/line-numbers.ts';
import type { BatchId } from '../../domain/shared/ids.ts';
import type { StoredFinding } from '../ports/evidence-store.ts';
import type { Seal } from '../ports/seal.ts';

const purposeOf = (batch: BatchId) => `evidence-lines:${batch}`;

/** Weak evidence has no lines to seal. */
export function sealFinding(seal: Seal, batch: BatchId, finding: Finding): StoredFinding {
  const { lines, ...rest } = finding;
  const sealedLines = finding.class === 'weak' ? null : seal.sealBytes(purposeOf(batch), encodeLines(lines));
  return { ...rest, sealedLines };
}

export function openFinding(seal: Seal, batch: BatchId, stored: StoredFinding): Finding {
  const { sealedLines, ...rest } = stored;
  return { ...rest, lines: sealedLines === null ? [] : openLines(seal, batch, sealedLines) };
}

export function openLines(seal: Seal, batch: BatchId, sealedLines: Uint8Array): readonly number[] {
  // Emptied when every plan on this evidence was closed.
  if (sealedLines.length === 0) return [];
  return decodeLines(seal.openBytes(purposeOf(batch), sealedLines));
}
