import type { ChainHead } from './ledger-row.ts';

/** What one checkpoint says: the heads of the chains that moved since the line before it. */
export interface Checkpoint {
  readonly deployment: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  readonly heads: readonly ChainHead[];
  /**
   * A person accepted that the database lost a part of the past. `heads` are then the last positions of every chain that
   * checkpoints before and the database agree on; what those say beyond, and of other chains, is lost.
   */
  readonly lossAccepted?: true;
}

export interface SignedCheckpoint extends Checkpoint {
  /** Ed25519 (RFC 8032) over the RFC 8785 text of the checkpoint, base64url. */
  readonly signature: string;
}

/** Reads one line of a checkpoint file; null for anything that is not exactly a signed checkpoint. */
export function parseCheckpoint(line: string): SignedCheckpoint | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { deployment, at, heads, signature, lossAccepted } = value as Record<string, unknown>;
  const texts = typeof deployment === 'string' && typeof at === 'string' && typeof signature === 'string';
  if (!texts || !Array.isArray(heads) || !heads.every(isHead)) return null;
  if (lossAccepted !== undefined && lossAccepted !== true) return null;
  return { deployment, at, heads, signature, ...(lossAccepted === true ? { lossAccepted } : {}) };
}

function isHead(value: unknown): value is ChainHead {
  if (typeof value !== 'object' || value === null) return false;
  const { chain, seq, hash } = value as Record<string, unknown>;
  return typeof chain === 'string' && typeof seq === 'number' && typeof hash === 'string';
}

/** The part that is signed: everything but the signature. */
export function signedPart(checkpoint: Checkpoint): Checkpoint {
  const { deployment, at, heads, lossAccepted } = checkpoint;
  return {
    deployment,
    at,
    heads: heads.map(({ chain, seq, hash }) => ({ chain, seq, hash })),
    ...(lossAccepted === true ? { lossAccepted } : {}),
  };
}
