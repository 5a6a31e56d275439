/** Tables of sql/*-retraction.sql, as kysely reads and writes them. */
export interface RetractionTables {}
