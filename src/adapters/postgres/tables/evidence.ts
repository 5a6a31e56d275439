/** Tables of sql/*-evidence.sql, as kysely reads and writes them. */
export interface EvidenceTables {}
