import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { useRead } from '../api/read.ts';
import { Facts } from '../design/Facts.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { people } from '../design/words.ts';
import { ApprovePlan } from '../plan/ApprovePlan.tsx';
import { useMay } from '../session/use-session.ts';
import { InTerminal } from './InTerminal.tsx';
import type { Drill } from './words.ts';

interface Props {
  readonly plan: string;
  readonly agree: NonNullable<NonNullable<Drill['progress']>['agree']>;
}

/** A made-up approver has said yes; one who exists is the second. */
export function AgreeInDrill({ plan, agree: { digest, total } }: Props): ReactNode {
  const may = useMay();
  const [isSayingYes, setSayingYes] = useState(false);
  const read = useRead('get /api/v1/plans/{plan}', { params: { plan } });
  return (
    <>
      <p role="status">
        <strong>Its plan waits for one yes.</strong> A made-up approver has said theirs. Whoever says the other reads
        the six words to somebody who takes part; with it the drill starts, and mails begin to reach {people(total)} who
        are made up.
      </p>
      <Loaded query={read} what="the plan of the drill">
        {(shown) => (
          <>
            <Facts
              facts={[
                { label: 'Plan', value: `${plan}: ${people(total)} of ${shown.directory}` },
                { label: 'Digest', value: <span className="mono">{digest}</span> },
                { label: 'In words', value: <strong className="digest-words">{shown.digestWords}</strong> },
              ]}
            />
            {may('approval.give') ? (
              <div className="actions">
                <Button className="button act" onPress={() => setSayingYes(true)}>
                  Say yes to {plan} …
                </Button>
              </div>
            ) : (
              <p className="soft">Your role gives no approvals. Somebody who may says it.</p>
            )}
            {isSayingYes ? <ApprovePlan plan={shown} onClose={() => setSayingYes(false)} /> : null}
          </>
        )}
      </Loaded>
      <InTerminal
        command={`allclear plan approve ${plan} --digest ${digest} --total ${total} --key FILE --yes --drill --as NAME`}
      />
    </>
  );
}
