/** Tables of sql/*-restore-point.sql, as kysely reads and writes them. */
export interface RestorePointTables {}
