import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from './world.ts';

/** A fault to plant: what was written before each dot is gone, as if nobody had ever written it down. */
export function loseDots(world: World): void {
  const folder = join(world.installation.config.stateDir, 'dots');
  for (const name of readdirSync(folder)) if (name !== 'host-id') rmSync(join(folder, name), { force: true });
}
