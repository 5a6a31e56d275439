import { statfs } from 'node:fs/promises';
import type { Metrics } from './metrics.ts';

/** What a connection pool says of itself (node-postgres). */
interface PoolCounts {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** Why nothing of this process may act now. */
interface FenceStanding {
  readonly isHaltFile: boolean;
  readonly isRelayDead: boolean;
}

export interface HostLevelsInput {
  readonly codeVersion: string;
  readonly pool: PoolCounts;
  /** Folders by what they are for. */
  readonly folders: Readonly<Record<string, string>>;
  readonly fence: () => FenceStanding;
}

/** Levels of this process and its host, read at each scrape: connections, fence, room on its disks. */
export function addHostLevels(metrics: Metrics, { codeVersion, pool, folders, fence }: HostLevelsInput): void {
  metrics
    .level('allclear_build_info', 'The code version, as plans are approved for it; always 1.', ['version'])
    .set(1, { version: codeVersion });
  const connections = metrics.level('allclear_database_connections', 'Connections to our own database.', ['state']);
  const closed = metrics.level('allclear_fence_closed', '1 where nothing of this process may act now, by why.', [
    'why',
  ]);
  const free = metrics.level('allclear_disk_free_bytes', 'Room for an ordinary user on the disk of a folder.', [
    'folder',
  ]);
  const size = metrics.level('allclear_disk_size_bytes', 'Size of the disk of a folder.', ['folder']);

  metrics.onScrape(() => {
    connections.set(pool.totalCount - pool.idleCount, { state: 'busy' });
    connections.set(pool.idleCount, { state: 'idle' });
    connections.set(pool.waitingCount, { state: 'waited-for' });
    const { isHaltFile, isRelayDead } = fence();
    closed.set(Number(isHaltFile), { why: 'halt-file' });
    closed.set(Number(isRelayDead), { why: 'relay' });
  });
  for (const [folder, path] of Object.entries(folders)) {
    metrics.onScrape(async () => {
      const { bavail, blocks, bsize } = await statfs(path);
      free.set(bavail * bsize, { folder });
      size.set(blocks * bsize, { folder });
    });
  }
}
