/** Tables of sql/*-rollout.sql, as kysely reads and writes them. */
export interface RolloutTables {}
