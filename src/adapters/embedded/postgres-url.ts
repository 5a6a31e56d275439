/** The one database role of an embedded cluster. Nobody else can reach the socket: its folder is 0700. */
export const embeddedRole = 'allclear';

/** Names the socket file (`.s.PGSQL.5432`); no TCP port is ever opened. */
export const embeddedPort = 5432;

/**
 * A URL that node-postgres and the WHATWG URL parser both read. `localhost` is only there because WHATWG refuses a user
 * without a host; the `host` parameter wins over it. The port is spelled out so that a stray PGPORT cannot change it.
 */
export function socketUrl(socketDir: string, database: string): string {
  return `postgresql://${embeddedRole}@localhost:${embeddedPort}/${encodeURIComponent(database)}?host=${encodeURIComponent(socketDir)}`;
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}
