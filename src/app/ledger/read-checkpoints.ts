import { parseCheckpoint, signedPart } from '../../domain/ledger/checkpoint.ts';
import type { Finding } from '../../domain/ledger/finding.ts';
import type { ChainHead } from '../../domain/ledger/ledger-row.ts';
import type { ChainMark } from '../../domain/ledger/verify-chain.ts';
import type { CheckpointLog } from '../ports/checkpoint-log.ts';
import type { Digests } from '../ports/digests.ts';
import type { Signatures } from '../ports/signatures.ts';

export interface ReadCheckpointsDeps {
  readonly log: Pick<CheckpointLog, 'lines'>;
  readonly signatures: Signatures;
  readonly digests: Digests;
  readonly deploymentId: string;
  /** The ledger's public key from where the operator trusts it: the key file, or a copy of it. */
  readonly ledgerPublicKey: string;
}

export interface ReadCheckpoints {
  /** What the checkpoints saw, by chain; each position once. */
  readonly marks: ReadonlyMap<string, readonly ChainMark[]>;
  readonly findings: readonly Finding[];
  readonly count: number;
  readonly lastAt: string | null;
  /** When a person accepted a loss: signed here, so that nobody who only has the database can hide one so. */
  readonly lossesAccepted: readonly string[];
}

/** Reads and verifies the checkpoint file; only lines with a good signature become marks. */
export async function readCheckpoints(deps: ReadCheckpointsDeps): Promise<ReadCheckpoints> {
  const marks = new Map<string, Map<string, ChainMark>>();
  const findings: Finding[] = [];
  let count = 0;
  let lastAt: string | null = null;
  const lossesAccepted: string[] = [];
  for await (const { number, text } of deps.log.lines()) {
    const checkpoint = parseCheckpoint(text);
    const refusal = checkpoint === null ? 'is no checkpoint' : refusalOf(deps, checkpoint);
    if (checkpoint === null || refusal !== null) {
      findings.push({ kind: 'edited', chain: 'checkpoints', seq: number, detail: `line ${number} ${refusal}` });
      continue;
    }
    count += 1;
    lastAt = checkpoint.at;
    if (checkpoint.lossAccepted === true) {
      lossesAccepted.push(checkpoint.at);
      forgetBeyond(marks, checkpoint.heads);
    }
    for (const { chain, seq, hash } of checkpoint.heads) {
      const known = marks.get(chain) ?? new Map<string, ChainMark>();
      known.set(`${seq}:${hash}`, { seq, hash, by: 'checkpoint' });
      marks.set(chain, known);
    }
  }
  const byChain = [...marks].map(([chain, known]) => [chain, [...known.values()]] as const);
  return { marks: new Map(byChain), findings, count, lastAt, lossesAccepted };
}

/** What was seen beyond the agreed positions is lost, by a person's decision; other chains are lost whole. */
function forgetBeyond(marks: Map<string, Map<string, ChainMark>>, agreed: readonly ChainHead[]): void {
  const through = new Map(agreed.map(({ chain, seq }) => [chain, seq]));
  for (const [chain, known] of marks) {
    for (const [key, mark] of known) if (mark.seq > (through.get(chain) ?? 0)) known.delete(key);
    if (known.size === 0) marks.delete(chain);
  }
}

function refusalOf(
  deps: ReadCheckpointsDeps,
  checkpoint: NonNullable<ReturnType<typeof parseCheckpoint>>,
): string | null {
  const signed = deps.digests.canonical(signedPart(checkpoint));
  if (!deps.signatures.verify(deps.ledgerPublicKey, signed, checkpoint.signature)) {
    return 'is not signed by the ledger key of this deployment';
  }
  return checkpoint.deployment === deps.deploymentId ? null : 'is a checkpoint of another deployment';
}
