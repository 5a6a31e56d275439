import type { Generated } from 'kysely';

/** Tables of sql/0019-state.sql, as kysely reads and writes them. */
export interface StandingTables {
  behind: {
    only_row: Generated<boolean>;
    kind: 'restored' | 'lost';
    reason: string;
    found_on: string;
    found_at: Generated<Date>;
  };
  heard_journal: { host: string; entry_hash: string; heard_at: Generated<Date> };
  lost_start: { subject: string; noted_at: Generated<Date> };
}
