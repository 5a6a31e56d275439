import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config/config.ts';
import { Failure } from '../domain/shared/failure.ts';

/** The folders of this machine that fill up: keys and checkpoints, fence and dot files, the embedded database. */
export function foldersThatFill(config: Config): readonly string[] {
  return [config.home, config.stateDir, join(config.home, 'data')];
}

/**
 * What takes much room is begun only where there is some: `Failure('disk-full')`. Halting, reading, approving and
 * giving back go on: what room is left is for them.
 */
export async function requireRoom(config: Config): Promise<void> {
  for (const folder of foldersThatFill(config)) {
    let there = folder;
    while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
    const { bavail, bsize } = await statfs(there);
    const freeMb = Math.floor((bavail * bsize) / 1_000_000);
    if (freeMb >= config.leastFreeMb) continue;
    throw new Failure(
      'disk-full',
      `${freeMb} MB are free for ${folder}, and ${config.leastFreeMb} are kept for halting and for the ledger. Make room, then try again.`,
      { freeMb, leastFreeMb: config.leastFreeMb },
    );
  }
}
