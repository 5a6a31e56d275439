import { createContext, use } from 'react';

/** What a page offers to halt beside everything: its own rollout. */
export interface HaltTarget {
  readonly subject: string;
}

export const HaltTargetContext = createContext<(target: HaltTarget | null) => void>(() => undefined);

export function useNameHaltTarget(): (target: HaltTarget | null) => void {
  return use(HaltTargetContext);
}
