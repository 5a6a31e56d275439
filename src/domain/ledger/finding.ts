/**
 * `edited`: an entry, its hash or a head is not what was written. `dropped`: entries are missing before the end.
 * `reordered`: entries changed places. `truncated`: the end is missing, and the database itself knows of it.
 * `forked`: the chain is whole but is not the one that an anchor or a checkpoint saw. `rolled-back`: the database agrees
 * with itself but is older than a checkpoint kept outside it.
 */
export type FindingKind = 'edited' | 'dropped' | 'reordered' | 'truncated' | 'forked' | 'rolled-back';

export interface Finding {
  readonly kind: FindingKind;
  /** A chain's name, or `checkpoints` for the file outside the database. */
  readonly chain: string;
  /** The first entry concerned (a line number for `checkpoints`). */
  readonly seq: number;
  /** One sentence: what was seen, and what it was compared with. No personal value. */
  readonly detail: string;
}
