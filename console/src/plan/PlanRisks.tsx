import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Card } from '../design/Card.tsx';
import { Moment } from '../design/Moment.tsx';
import { number, span } from '../design/words.ts';

interface Props {
  readonly plan: Answer<'get /api/v1/plans/{plan}'>;
}

/** Who may not get back in, and what has no way back in this directory. */
export function PlanRisks({ plan }: Props): ReactNode {
  const { risks, cannotBeUndone, lastRestoreAt, limits, suspension } = plan;
  return (
    <div className="grid">
      <Card title="Who may be locked out" tone={risks.length > 0 ? 'waits' : 'plain'}>
        {risks.length === 0 ? (
          <p className="soft">Nobody that this plan knows of.</p>
        ) : (
          <ul className="list">
            {risks.map(({ risk, count, words }) => (
              <li key={risk}>
                <strong>{number(count)}</strong> {words}.
              </li>
            ))}
          </ul>
        )}
      </Card>
      <Card title="What cannot be undone here" tone={cannotBeUndone.length > 0 ? 'waits' : 'plain'}>
        {cannotBeUndone.length === 0 ? (
          <p className="soft">Nothing that is known.</p>
        ) : (
          <ul>
            {cannotBeUndone.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        )}
        {suspension !== null ? null : (
          <p className="soft">
            Passwords can be given back without their holder for {span(limits.restoreHours * 3_600)} after they were
            taken
            {lastRestoreAt === null ? (
              `, and not at all ${limits.keepDays} days after the last wave`
            ) : (
              <>
                , and not at all after <Moment at={lastRestoreAt} />
              </>
            )}
            .
          </p>
        )}
      </Card>
    </div>
  );
}
