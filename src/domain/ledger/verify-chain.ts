import { entryHash, genesisHash, isPersonalReference, personalDigest } from './entry-hash.ts';
import type { LedgerDigests } from './entry-hash.ts';
import type { Finding } from './finding.ts';
import { parseBody } from './ledger-row.ts';
import type { ChainHead, LedgerRow } from './ledger-row.ts';
import { isReordered } from './reordered.ts';

/** A position of this chain that somebody else wrote down: an anchor in the installation chain, or a checkpoint. */
export interface ChainMark {
  readonly seq: number;
  readonly hash: string;
  readonly by: 'anchor' | 'checkpoint';
}

export interface ChainVerdict {
  readonly findings: readonly Finding[];
  /** The last entry read; seq 0 and the genesis hash for an empty chain. */
  readonly last: { readonly seq: number; readonly hash: string };
  /** Fields whose value is gone; each must be named by a `personal.erased` entry. */
  readonly erased: readonly { readonly seq: number; readonly field: string }[];
  /** The furthest checkpoint beyond the end, when the database itself has no word of the missing entries. */
  readonly missingUpTo: number | null;
}

export interface ChainCheck {
  /** Takes the next row in ascending seq; true when the row is what it says it is. */
  take(row: LedgerRow): boolean;
  /** `head` is the chain's head record, null where it is missing. Call once, after the last row. */
  finish(head: ChainHead | null): ChainVerdict;
}

/** Enough to see the pattern of a tampering; a rewritten chain of millions must not fill the memory. */
const maxFindings = 1_000;
/** Rows compared pairwise for a changed order: 200 x 200 hashes stay under a second. */
const maxSuspects = 200;

/** Checks one chain row by row in constant memory: hashes, links, gaps, head, marks and personal values. */
export function startChainCheck(chain: string, marks: readonly ChainMark[], digests: LedgerDigests): ChainCheck {
  const findings: Finding[] = [];
  const suspects: LedgerRow[] = [];
  const erased: { seq: number; field: string }[] = [];
  const marksBySeq = Map.groupBy(marks, (mark) => mark.seq);
  let last: { seq: number; hash: string; sound: boolean } = { seq: 0, hash: genesisHash, sound: true };
  let agreedSeq = 0;
  let fork: Finding | null = null;

  function report(kind: Finding['kind'], seq: number, detail: string): void {
    if (findings.length < maxFindings) findings.push({ kind, chain, seq, detail });
  }

  function compareWithMarks(row: LedgerRow): void {
    for (const mark of marksBySeq.get(row.seq) ?? []) {
      if (mark.hash === row.hash) agreedSeq = row.seq;
      else {
        fork ??= {
          kind: 'forked',
          chain,
          seq: row.seq,
          detail: `entry ${row.seq} is not the one that ${aMark(mark)} saw; they last agreed at entry ${agreedSeq}`,
        };
      }
    }
  }

  function take(row: LedgerRow): boolean {
    const expected = last.seq + 1;
    const gap = row.seq !== expected;
    if (row.seq > expected) report('dropped', expected, `${countOf(row.seq - expected)} missing before ${row.seq}`);
    if (row.seq < expected) report('reordered', row.seq, `entry ${row.seq} came after entry ${last.seq}`);

    const body = parseBody(row.body);
    const sound = body !== null && row.chain === chain && entryHash({ ...row, body }, digests) === row.hash;
    if (!sound) {
      if (suspects.length < maxSuspects) suspects.push(row);
      else report('edited', row.seq, `entry ${row.seq} does not have the hash of its content`);
    } else if (!gap && last.sound && row.prevHash !== last.hash) {
      const seq = Math.max(1, row.seq - 1);
      report('edited', seq, `entry ${row.seq} follows another entry ${row.seq - 1} than the one that is here`);
    }
    if (sound && digests.canonical(body) !== row.body) {
      report('edited', row.seq, `the text of entry ${row.seq} is not the canonical text that was written`);
    }
    if (sound) checkPersonal(row, body);
    compareWithMarks(row);
    last = { seq: row.seq, hash: row.hash, sound };
    return sound;
  }

  function checkPersonal(row: LedgerRow, body: Readonly<Record<string, unknown>>): void {
    for (const [field, value] of Object.entries(body)) {
      if (!isPersonalReference(value)) continue;
      const beside = row.personal.find((personal) => personal.field === field);
      if (beside === undefined)
        report('dropped', row.seq, `the personal record "${field}" of entry ${row.seq} is gone`);
      else if (beside.salt === null || beside.value === null) erased.push({ seq: row.seq, field });
      else if (personalDigest(beside.salt, beside.value, digests) !== value.$personal) {
        report('edited', row.seq, `the personal value "${field}" of entry ${row.seq} is not the one that was written`);
      }
    }
  }

  function judgeSuspects(): void {
    for (const suspect of suspects) {
      if (isReordered(suspect, suspects, digests)) {
        report('reordered', suspect.seq, `entry ${suspect.seq} was written at another place of this chain`);
      } else report('edited', suspect.seq, `entry ${suspect.seq} does not have the hash of its content`);
    }
  }

  function judgeEnd(head: ChainHead | null): number | null {
    const anchored = furthest(marks, 'anchor');
    const known = Math.max(anchored, head?.seq ?? 0);
    if (head === null && last.seq > 0) report('dropped', last.seq, 'the head record of this chain is gone');
    if (known > last.seq) {
      const by = (head?.seq ?? 0) > last.seq ? 'its head record' : 'an anchor';
      report('truncated', last.seq + 1, `the chain ends at ${last.seq}, but ${by} knows of entry ${known}`);
      return null;
    }
    if (head !== null && head.seq < last.seq) {
      report('edited', last.seq, `the head record names entry ${head.seq}, but the chain goes on to ${last.seq}`);
    } else if (head !== null && head.seq === last.seq && head.hash !== last.hash) {
      report('edited', last.seq, `the head record names another entry ${last.seq} than the one that is here`);
    }
    const checkpointed = furthest(marks, 'checkpoint');
    return checkpointed > last.seq ? checkpointed : null;
  }

  return {
    take,
    finish(head) {
      judgeSuspects();
      const missingUpTo = judgeEnd(head);
      const alreadyFound = findings.some((found) => found.kind !== 'dropped' && found.seq === fork?.seq);
      if (fork !== null && !alreadyFound) findings.push(fork);
      return { findings, last: { seq: last.seq, hash: last.hash }, erased, missingUpTo };
    },
  };
}

function furthest(marks: readonly ChainMark[], by: ChainMark['by']): number {
  return marks.reduce((far, mark) => (mark.by === by ? Math.max(far, mark.seq) : far), 0);
}

function aMark(mark: ChainMark): string {
  return mark.by === 'anchor' ? 'an anchor in the installation chain' : 'a signed checkpoint';
}

function countOf(missing: number): string {
  return missing === 1 ? 'one entry is' : `${missing} entries are`;
}
