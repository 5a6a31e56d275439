import { readAnchor } from '../../domain/ledger/chain-anchor.ts';
import { readErasure } from '../../domain/ledger/erasure.ts';
import type { Finding } from '../../domain/ledger/finding.ts';
import type { LedgerRow } from '../../domain/ledger/ledger-row.ts';
import { rolloutNoOf } from '../../domain/ledger/rollout-chain.ts';
import { startChainCheck } from '../../domain/ledger/verify-chain.ts';
import type { ChainMark, ChainVerdict } from '../../domain/ledger/verify-chain.ts';
import type { CheckpointLog } from '../ports/checkpoint-log.ts';
import type { Digests } from '../ports/digests.ts';
import type { ChainTip } from '../ports/ledger-store.ts';
import type { Signatures } from '../ports/signatures.ts';
import type { Store } from '../ports/store.ts';
import { readCheckpoints } from './read-checkpoints.ts';
import { checkOutcomeVectors, noteRange } from './check-outcome-vectors.ts';
import type { ReadOutcomeVector, RangeEntry } from './check-outcome-vectors.ts';
import { checkResolvedOutcomes, noteResolved } from './check-resolved-outcomes.ts';
import type { ResolvedEntry } from './check-resolved-outcomes.ts';

export interface VerifyLedgerDeps {
  readonly store: Store;
  readonly log: CheckpointLog;
  readonly digests: Digests;
  readonly signatures: Signatures;
  readonly deploymentId: string;
  /** From where the verifier trusts it (the key file, a copy kept elsewhere), not from the database under test. */
  readonly ledgerPublicKey: string;
  readonly readOutcomeVector: ReadOutcomeVector;
}

export interface LedgerVerdict {
  /** True: nothing was found. */
  readonly whole: boolean;
  readonly chains: readonly { readonly chain: string; readonly entries: number; readonly hash: string }[];
  readonly checkpoints: {
    readonly count: number;
    readonly lastAt: string | null;
    /** When a person accepted that a part of the past is lost: what was seen beyond is not asked for. */
    readonly lossesAccepted: readonly string[];
  };
  /** Ranges whose outcome vector was compared with its newest entry. */
  readonly rangesChecked: number;
  readonly findings: readonly Finding[];
}

const pageSize = 1_000;
const installation = 'installation';

/** What one chain's walk brings home beside its verdict. */
interface Walk {
  readonly verdict: ChainVerdict;
  readonly ranges: ReadonlyMap<string, RangeEntry>;
  readonly resolved: ReadonlyMap<string, ResolvedEntry>;
}

/**
 * Verifies every chain against itself, its anchors, the signed checkpoints and the stored outcome vectors. Runs beside a
 * working server: what is appended meanwhile is left for the next run.
 */
export async function verifyLedger(deps: VerifyLedgerDeps): Promise<LedgerVerdict> {
  // Checkpoints first, then the ends in one statement: whatever a checkpoint or an anchor names must be there.
  const checkpoints = await readCheckpoints(deps);
  const tips = new Map((await deps.store.transact((tx) => tx.ledger.tips())).map((tip) => [tip.chain, tip]));
  const findings: Finding[] = [...checkpoints.findings];
  const anchors = new Map<string, ChainMark[]>();
  const erasures = new Set<string>();
  const verdicts = new Map<string, ChainVerdict>();
  let rangesChecked = 0;

  function learn(row: LedgerRow): void {
    const anchor = readAnchor(row);
    const erasure = readErasure(row);
    if (anchor !== null) {
      const known = anchors.get(anchor.chain) ?? [];
      known.push({ seq: anchor.seq, hash: anchor.hash, by: 'anchor' });
      anchors.set(anchor.chain, known);
    }
    if (erasure !== null) erasures.add(`${erasure.chain} ${erasure.seq} ${erasure.field}`);
  }

  async function visit(chain: string): Promise<void> {
    const marks = [...(checkpoints.marks.get(chain) ?? []), ...(anchors.get(chain) ?? [])];
    const { verdict, ranges, resolved } = await walkChain(deps, chain, tips.get(chain), marks, learn);
    verdicts.set(chain, verdict);
    findings.push(...verdict.findings);
    const vectors = await checkOutcomeVectors(deps, chain, ranges, verdict.last.seq);
    rangesChecked += vectors.checked;
    findings.push(...vectors.findings);
    findings.push(...(await checkResolvedOutcomes(deps.store, chain, resolved, verdict.last.seq)));
  }

  await visit(installation);
  const named = new Set([...tips.keys(), ...checkpoints.marks.keys(), ...anchors.keys()]);
  named.delete(installation);
  for (const chain of [...named].toSorted(byChainNumber)) await visit(chain);

  findings.push(...judgeMissingEnds(verdicts), ...judgeErasures(verdicts, erasures));
  return {
    whole: findings.length === 0,
    chains: [...verdicts].map(([chain, { last }]) => ({ chain, entries: last.seq, hash: last.hash })),
    checkpoints: {
      count: checkpoints.count,
      lastAt: checkpoints.lastAt,
      lossesAccepted: checkpoints.lossesAccepted,
    },
    rangesChecked,
    findings,
  };
}

async function walkChain(
  deps: VerifyLedgerDeps,
  chain: string,
  tip: ChainTip | undefined,
  marks: readonly ChainMark[],
  learn: (row: LedgerRow) => void,
): Promise<Walk> {
  const check = startChainCheck(chain, marks, deps.digests);
  const ranges = new Map<string, RangeEntry>();
  const resolved = new Map<string, ResolvedEntry>();
  const end = tip?.lastSeq ?? 0;
  let afterSeq = 0;
  while (afterSeq < end) {
    const rows = await deps.store.transact((tx) => tx.ledger.readRows(chain, afterSeq, pageSize));
    const last = rows.at(-1);
    if (last === undefined) break;
    for (const row of rows) {
      if (row.seq > end || !check.take(row)) continue;
      if (chain === installation) {
        learn(row);
        continue;
      }
      noteRange(row, ranges);
      noteResolved(row, resolved);
    }
    afterSeq = last.seq;
  }
  return { verdict: check.finish(tip?.head ?? null), ranges, resolved };
}

/** Where only checkpoints know of a missing end: the whole database is older, or one chain lost its end and head. */
function judgeMissingEnds(verdicts: ReadonlyMap<string, ChainVerdict>): Finding[] {
  const isOlder = verdicts.get(installation)?.missingUpTo !== null;
  return [...verdicts].flatMap(([chain, { missingUpTo, last }]): Finding[] => {
    if (missingUpTo === null) return [];
    const kind = isOlder ? 'rolled-back' : 'truncated';
    const detail = `the chain ends at ${last.seq}, but a signed checkpoint saw entry ${missingUpTo}`;
    return [{ kind, chain, seq: last.seq + 1, detail }];
  });
}

function judgeErasures(verdicts: ReadonlyMap<string, ChainVerdict>, erasures: ReadonlySet<string>): Finding[] {
  return [...verdicts].flatMap(([chain, { erased }]) =>
    erased
      .filter(({ seq, field }) => !erasures.has(`${chain} ${seq} ${field}`))
      .map(({ seq, field }): Finding => {
        const detail = `the personal value "${field}" of entry ${seq} is gone, and no entry says that it was erased`;
        return { kind: 'dropped', chain, seq, detail };
      }),
  );
}

function byChainNumber(left: string, right: string): number {
  return (rolloutNoOf(left) ?? 0) - (rolloutNoOf(right) ?? 0);
}
