import type { ClaimName } from './claim.ts';
import type { BlockShape } from './template.ts';

/** The blocks that appear when exactly `proved` is proved: in order, and of each one-of group the first that holds. */
export function selectBlocks(blocks: readonly BlockShape[], proved: ReadonlySet<ClaimName>): readonly BlockShape[] {
  const settled = new Set<string>();
  return blocks.filter((block) => {
    if (block.need === 'always') return true;
    if (!proved.has(block.claim)) return false;
    if (block.need !== 'one-of') return true;
    if (settled.has(block.group)) return false;
    settled.add(block.group);
    return true;
  });
}
