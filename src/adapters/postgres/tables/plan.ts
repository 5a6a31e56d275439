/** Tables of sql/*-plan.sql, as kysely reads and writes them. */
export interface PlanTables {}
