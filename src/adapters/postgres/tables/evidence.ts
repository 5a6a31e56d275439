import type { Generated, JSONColumnType } from 'kysely';
import type {
  BatchState,
  Evidence,
  EvidenceClass,
  ListClass,
  Remark,
  SourceAuthority,
  VerifiedAgainst,
  WithdrawalCause,
} from '../../../domain/evidence/evidence.ts';
import type { RefusalCounts } from '../../../domain/evidence/refusal.ts';

/** Tables of sql/*-evidence.sql, as kysely reads and writes them. */
export interface EvidenceTables {
  source: {
    source_no: Generated<number>;
    name: string;
    authority: SourceAuthority;
    created_at: Generated<Date>;
  };
  evidence_batch: {
    batch_no: Generated<number>;
    source_no: number;
    class: ListClass;
    state: Generated<BatchState>;
    directory: string;
    file_name: string;
    imported_by: number;
    reported_by: string | null;
    head_digest: string;
    prefix_digest: Generated<string>;
    lines_done: Generated<number>;
    bytes_done: Generated<number>;
    accepted: Generated<number>;
    lines_met: Generated<number>;
    candidates: Generated<number>;
    refused: JSONColumnType<RefusalCounts, string | undefined, string>;
    begun_at: Generated<Date>;
    finished_at: Date | null;
  };
  withdrawal: {
    withdrawal_no: Generated<number>;
    batch_no: number;
    cause: WithdrawalCause;
    withdrawn_by: number;
    selection: 'all' | 'lines' | 'accounts';
    withdrawn_at: Generated<Date>;
  };
  evidence: {
    evidence_no: Generated<number>;
    batch_no: number;
    account_id: string;
    event_id: string;
    class: EvidenceClass;
    state: Generated<Evidence['state']>;
    cause: WithdrawalCause | null;
    withdrawal_no: number | null;
    against: VerifiedAgainst | null;
    hash_digest: string | null;
    remark: Remark | null;
    sealed_lines: Uint8Array | null;
    lines_total: number;
    event_at: Date | null;
    rule: string | null;
    reason: string | null;
    names_mailbox: Generated<boolean>;
    recorded_at: Generated<Date>;
  };
}
