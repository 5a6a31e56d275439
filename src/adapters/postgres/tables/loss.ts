import type { Generated, GeneratedAlways } from 'kysely';

/** Table of sql/0027-loss.sql, as kysely reads and writes it. */
export interface LossTables {
  loss: {
    no: GeneratedAlways<number>;
    record: string;
    digest: string;
    total: number;
    directory: string;
    proposed_at: Generated<Date>;
    accepted_at: Generated<Date | null>;
  };
}
