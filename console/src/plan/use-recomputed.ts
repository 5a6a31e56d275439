import { useEffect, useState } from 'react';
import type { Standing } from '../approval/SayYes.tsx';
import type { Answer } from '../api/routes.ts';
import { asRefused } from '../digest/refuse-to-sign.ts';
import { recomputeInBrowser } from './recompute-in-browser.ts';

type Plan = Answer<'get /api/v1/plans/{plan}'>;

/** Once per opened dialog: each reading of the export is an entry of the ledger. */
export function useRecomputed({ plan, digest, directory, counts: { total } }: Plan): Standing {
  const [standing, setStanding] = useState<Standing>({ kind: 'computing', read: 0, of: 0 });
  useEffect(() => {
    const leaving = new AbortController();
    const set = (next: Standing): void => {
      if (!leaving.signal.aborted) setStanding(next);
    };
    recomputeInBrowser(
      { plan, digest, directory, total },
      (soFar) => set({ kind: 'computing', ...soFar }),
      leaving.signal,
    ).then(
      (meant) => set({ kind: 'meant', meant }),
      (error: unknown) => set({ kind: 'refused', error: asRefused(error) }),
    );
    return () => leaving.abort();
  }, [plan, digest, directory, total]);
  return standing;
}
