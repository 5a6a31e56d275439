import { createContext, use, useEffect } from 'react';

/** What a page has to do with HALT, beside everything that runs. */
export type HaltTarget =
  /** Its own rollout can be halted alone. */
  | { readonly kind: 'rollout'; readonly subject: string }
  /** A drill runs on it, which the HALT at the top does not mean. */
  | { readonly kind: 'drill' };

export const HaltTargetContext = createContext<(target: HaltTarget | null) => void>(() => undefined);

/** The rollout that the page is about, for as long as it is looked at. */
export function useHaltableRollout(subject: string): void {
  const name = use(HaltTargetContext);
  useEffect(() => {
    name({ kind: 'rollout', subject });
    return () => name(null);
  }, [name, subject]);
}

/** A page on which somebody practises a halt, for as long as there is one to practise. */
export function usePractisedHalt(isRunning: boolean): void {
  const name = use(HaltTargetContext);
  useEffect(() => {
    if (!isRunning) return undefined;
    name({ kind: 'drill' });
    return () => name(null);
  }, [name, isRunning]);
}
