import { number, spaced } from '../design/words.ts';

/** Those whom the plan never meant to tell, each in a lane with an owner and a clock; null where there are none. */
export function laneWords(lanes: Readonly<Record<string, number>>): string | null {
  const parts = Object.entries(lanes).filter(([, count]) => count > 0);
  if (parts.length === 0) return null;
  return `and, in lanes with an owner: ${parts.map(([lane, count]) => `${number(count)} ${spaced(lane)}`).join(', ')}`;
}
