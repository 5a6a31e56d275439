import type { Generated } from 'kysely';

/** Tables of sql/0020-mail-rate.sql, as kysely reads and writes them. */
export interface MailRateTables {
  mail_rate: {
    key: string;
    leases: Generated<unknown>;
    newest: Generated<number>;
    ordinary: Generated<number>;
    correction: Generated<number>;
    free_in_ms: Generated<number>;
    changed_at: Generated<Date>;
  };
}
