import type { ColumnType, Generated } from 'kysely';

/** Tables of sql/0005-plan.sql, 0012-erasure.sql and 0013-holder-hours.sql, as kysely reads and writes them. */
export interface PlanTables {
  plan: {
    no: Generated<number>;
    directory: string;
    action: string;
    author_no: number;
    header: string | null;
    digest: string | null;
    total: number | null;
    code_version: string;
    address_salt: string;
    created_at: ColumnType<Date, never, never>;
  };
  plan_draft_row: {
    plan_no: number;
    sort_key: string;
    account_id: string;
    lane: string;
    effect: string;
    tell: boolean;
    address: string | null;
    address_digest: string | null;
    language: string | null;
    time_zone: string | null;
    credential_digest: string | null;
    evidence_nos: number[];
    reason: string;
    notice_number: string;
  };
  plan_target: {
    plan_no: number;
    ordinal: number;
    account_id: string;
    lane: string;
    effect: string;
    contain_ordinal: number;
    tell_ordinal: number | null;
    address: string | null;
    address_digest: string | null;
    language: string | null;
    time_zone: string | null;
    credential_digest: string | null;
    evidence_nos: number[];
    reason: string;
    notice_number: string;
  };
  plan_addresses_erased: { plan_no: number; erased_at: ColumnType<Date, never, never> };
  plan_exclusion: { plan_no: number; account_id: string; reason: string };
}
