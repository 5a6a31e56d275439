import { useEffect, useState } from 'react';
import type { MeantStatement } from '../../../src/domain/approval/offered-statement.ts';
import type { Standing } from '../approval/SayYes.tsx';
import { useWhere } from '../api/where.ts';
import type { Where } from '../api/where.ts';
import type { ReadSoFar } from './export-lines.ts';
import { asRefused } from './refuse-to-sign.ts';

/** What a yes is to, as this browser computes it. Throws where it is not what the page shows. */
export type ComputeMeant = (
  onRead: (soFar: ReadSoFar) => void,
  signal: AbortSignal,
  where: Where,
) => Promise<MeantStatement>;

/** Once per opened dialog and `compute`, which has to be the same function for the same thing: each reading of an export is an entry of the ledger. */
export function useStanding(compute: ComputeMeant): Standing {
  const where = useWhere();
  const [standing, setStanding] = useState<Standing>({ kind: 'computing', read: 0, of: 0 });
  useEffect(() => {
    const leaving = new AbortController();
    const set = (next: Standing): void => {
      if (!leaving.signal.aborted) setStanding(next);
    };
    set({ kind: 'computing', read: 0, of: 0 });
    compute((soFar) => set({ kind: 'computing', ...soFar }), leaving.signal, where).then(
      (meant) => set({ kind: 'meant', meant }),
      (error: unknown) => set({ kind: 'refused', error: asRefused(error) }),
    );
    return () => leaving.abort();
  }, [compute, where]);
  return standing;
}
