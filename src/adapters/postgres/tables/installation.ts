/** Tables of sql/*-installation.sql, as kysely reads and writes them. */
export interface InstallationTables {}
