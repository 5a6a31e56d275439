import type { Generated, GeneratedAlways } from 'kysely';

/** Tables of sql/0022-passkey.sql, as kysely reads and writes them. */
export interface PasskeyTables {
  passkey: {
    no: GeneratedAlways<number>;
    operator_no: number;
    name: string;
    credential_id: string;
    public_key: string;
    cose_key: string;
    rp_id: string;
    /** Words with a space between them. */
    transports: string;
    aaguid: string;
    is_backup_eligible: boolean;
    is_backed_up: boolean;
    sign_count: number;
    challenge: string;
    created_at: Generated<Date>;
    last_used_at: Generated<Date | null>;
    revoked_at: Generated<Date | null>;
  };
  operator_link: {
    code_hash: string;
    operator_no: number;
    nonce: string | null;
    created_at: Generated<Date>;
    expires_at: Date;
    used_at: Generated<Date | null>;
  };
  operator_session: {
    no: GeneratedAlways<number>;
    secret_hash: string;
    operator_no: number;
    by: 'passkey' | 'oidc';
    passkey_no: number | null;
    challenge: string;
    created_at: Generated<Date>;
    expires_at: Date;
    last_seen_at: Generated<Date>;
    ended_at: Generated<Date | null>;
  };
  operator_identity: {
    issuer: string;
    subject: string;
    operator_no: number;
    bound_at: Generated<Date>;
  };
}
