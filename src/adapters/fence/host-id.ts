import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkWhole } from './link-whole.ts';

/** Names the folder of the dot files itself: a lost one is another host's. Made once. */
export function readHostId(folder: string): string {
  const path = join(folder, 'host-id');
  // In place whole: several processes start at once, and who read half a name would be another host.
  linkWhole(path, Buffer.from(`host_${randomBytes(8).toString('hex')}`));
  return readFileSync(path, 'utf8').trim();
}
