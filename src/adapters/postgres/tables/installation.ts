import type { Generated, GeneratedAlways } from 'kysely';

/** Tables of sql/0001-installation.sql and sql/0014-roles.sql, as kysely reads and writes them. */
export interface InstallationTables {
  deployment: {
    only_row: Generated<boolean>;
    deployment_id: string;
    name: string;
    environment: string;
    ledger_public_key: string;
    created_at: Generated<Date>;
    drills_counted_from: Generated<Date | null>;
  };
  ledger_entry: {
    chain: string;
    seq: number;
    at: string;
    event: string;
    body: string;
    prev_hash: string;
    hash: string;
  };
  ledger_head: { chain: string; seq: number; hash: string };
  ledger_anchored: { chain: string; seq: number };
  ledger_personal: { chain: string; seq: number; field: string; salt: string | null; value: string | null };
  operator: {
    no: GeneratedAlways<number>;
    name: string;
    email: string;
    public_key: string | null;
    role: 'operator' | 'approver' | 'agent' | 'auditor';
    next_role: Generated<'operator' | 'approver' | 'agent' | 'auditor' | null>;
    next_role_from: Generated<Date | null>;
    role_decided_at: Generated<Date | null>;
    state: 'pending' | 'active' | 'suspended' | 'removed';
    active_from: Date | null;
    created_at: Generated<Date>;
    added_by: number | null;
  };
  operator_token: {
    no: GeneratedAlways<number>;
    hash: string;
    operator_no: number;
    nonce: string | null;
    created_at: Generated<Date>;
    expires_at: Date;
    revoked_at: Generated<Date | null>;
    scope: string;
    last_used_at: Generated<Date | null>;
  };
}
