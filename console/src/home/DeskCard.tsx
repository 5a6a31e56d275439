import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useRead } from '../api/read.ts';
import type { Answer } from '../api/routes.ts';
import { Card } from '../design/Card.tsx';
import { people } from '../design/words.ts';
import { useMay } from '../session/use-session.ts';
import { Named } from '../design/Named.tsx';

/** A holder who waits, and a drill that is due, can wait so long to be seen. */
const lookEveryMs = 15_000;

/** What waits beside rollouts: holders who want an answer, and a drill that is due or waits for people. */
export function DeskCard(): ReactNode {
  const may = useMay();
  const appeals = useRead(
    'get /api/v1/appeals',
    { query: { state: 'open', limit: 1 } },
    { enabled: may('appeal.read'), everyMs: lookEveryMs },
  );
  const drills = useRead(
    'get /api/v1/drills',
    { query: { limit: 1 } },
    { enabled: may('drill.read'), everyMs: lookEveryMs },
  );
  const open = appeals.data?.open ?? 0;
  const drill = drills.data === undefined ? null : drillWords(drills.data);
  const running = drills.data?.drills.find(({ state }) => state === 'running');
  // Nothing waits, or nobody knows yet: the page of each says what went wrong.
  if (open === 0 && drill === null) return null;
  return (
    <Card title="What waits beside that" tone="waits">
      <ul className="list">
        {open === 0 ? null : (
          <li className="row">
            <p>{open === 1 ? '1 person waits' : `${people(open)} wait`} for an answer to what they said of a notice.</p>
            <Link to="/appeals" className="button small">
              Appeals
            </Link>
          </li>
        )}
        {drill === null ? null : (
          <li className="row">
            <p>
              <Named>{drill}</Named>
            </p>
            {running === undefined ? (
              <Link to="/drills" className="button small">
                Drills
              </Link>
            ) : (
              <Link to="/drills/$drill" params={{ drill: running.drill }} className="button small">
                Take part
                <span className="out-of-sight"> in {running.drill}</span>
              </Link>
            )}
          </li>
        )}
      </ul>
    </Card>
  );
}

function drillWords({ standing, inWords, drills }: Answer<'get /api/v1/drills'>): string | null {
  const [newest] = drills;
  if (newest?.state === 'running') return `${newest.drill} is running, begun by ${newest.begunBy}.`;
  if (standing === 'fresh' || standing === 'not-asked') return null;
  return `${inWords.slice(0, 1).toUpperCase()}${inWords.slice(1)}.`;
}
