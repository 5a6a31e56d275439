import { createContext, use } from 'react';

/** What a page is about: the real thing, or the drill that runs, which the server answers for under a path of its own. */
export type Where = 'live' | 'drill';

const WhereContext = createContext<Where>('live');

/** Everything inside asks, shows and signs where it says, and nowhere else. */
export const WhereProvider = WhereContext.Provider;

export function useWhere(): Where {
  return use(WhereContext);
}
