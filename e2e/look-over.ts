import type { Page } from 'playwright-core';
import { seriousFindings, widthBeyond } from './browser.ts';

/** Looks a page over as it stands, each place once however often it is come by. */
export interface LookOver {
  look(page: Page, place: string): Promise<void>;
  /** What stands in a reader's way, with the place; at least one place was looked at. */
  findings(): readonly string[];
  places(): readonly string[];
}

export function makeLookOver(): LookOver {
  const seen = new Set<string>();
  const found: string[] = [];
  return {
    async look(page, place) {
      if (seen.has(place)) return;
      seen.add(place);
      const serious = await seriousFindings(page);
      found.push(...serious.map((finding) => `${place}: ${finding}`));
      const beyond = await widthBeyond(page);
      if (beyond > 0) found.push(`${place}: ${beyond} px wider than its window`);
    },
    findings: () => found,
    places: () => [...seen],
  };
}
