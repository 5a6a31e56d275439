import { useState } from 'react';
import type { ReactNode } from 'react';
import { Choice } from '../design/Choice.tsx';
import { WithdrawEvidence } from '../evidence/WithdrawEvidence.tsx';
import { PlanEvidence } from '../plan/PlanEvidence.tsx';
import { useMay } from '../session/use-session.ts';
import { StepCard } from './StepCard.tsx';

interface Props {
  readonly batches: readonly string[];
  readonly isLater: boolean;
}

/** What was wrong is taken back: everything after this is derived from what is left. */
export function WithdrawStep({ batches, isLater }: Props): ReactNode {
  const may = useMay();
  const [chosen, setChosen] = useState(batches[0] ?? '');
  return (
    <>
      <StepCard no={3} title="Withdraw the evidence that was wrong" standing={isLater ? 'open' : 'now'}>
        <p>Bad lists are mixtures. What other evidence still speaks for stays protected, account by account.</p>
        {may('evidence.withdraw') ? (
          <>
            {batches.length < 2 ? null : (
              <Choice
                label="Batch"
                value={chosen}
                onChange={setChosen}
                options={batches.map((batch) => [batch, batch] as const)}
              />
            )}
            <WithdrawEvidence key={chosen} batch={chosen} />
          </>
        ) : (
          <p className="soft">Your role does not withdraw evidence. An operator does.</p>
        )}
      </StepCard>
      <PlanEvidence batches={batches} />
    </>
  );
}
