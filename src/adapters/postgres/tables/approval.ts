import type { GeneratedAlways } from 'kysely';

/** Tables of sql/0003-approval.sql and sql/0022-passkey.sql, as kysely reads and writes them. */
export interface ApprovalTables {
  approval: {
    no: GeneratedAlways<number>;
    subject: string;
    digest: string;
    decision: string;
    operator_no: number;
    statement: string;
    signature: string;
    nonce: string;
    given_at: Date;
    expires_at: Date;
    passkey_no: number | null;
    client_data: string | null;
    authenticator_data: string | null;
  };
}
