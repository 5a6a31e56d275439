import type { Generated, GeneratedAlways } from 'kysely';

/** Tables of sql/0025-drill.sql about mail to those who decide, as kysely reads and writes them. */
export interface BulletinTables {
  bulletin: { no: GeneratedAlways<number>; seq: number; event: string; at: Date };
  bulletin_mail: {
    bulletin_no: number;
    operator_no: number;
    state: 'waiting' | 'sending' | 'sent' | 'unknown' | 'refused' | 'given-up';
    tries: Generated<number>;
    next_at: Generated<Date>;
    note: string | null;
  };
  bulletin_place: { only_row: Generated<boolean>; seq: number };
  policy_seen: { only_row: Generated<boolean>; facts: Readonly<Record<string, string>>; seen_at: Generated<Date> };
}
