import { useState } from 'react';
import type { ReactNode } from 'react';
import { WhereProvider } from '../api/where.ts';
import { HoldContext } from '../confirm/hold.ts';
import { Card } from '../design/Card.tsx';
import { AgreeInDrill } from './AgreeInDrill.tsx';
import { ApproveInDrill } from './ApproveInDrill.tsx';
import { HaltInDrill } from './HaltInDrill.tsx';
import { stages } from './words.ts';
import type { Drill } from './words.ts';

interface Props {
  readonly drill: Drill;
}

/** Where it is, and the next step of whoever is to act: on this page, or by the command that stands below it. */
export function DrillProgress({ drill: { state, progress: latest } }: Props): ReactNode {
  const [isHeld, setHeld] = useState(false);
  const [progress, setProgress] = useState(latest);
  // It moves on by itself, and a dialog that says what a halt did is not to go away with the stage that it was opened in.
  if (!isHeld && progress !== latest) setProgress(latest);
  if (state !== 'running' && !isHeld) return null;
  if (progress === null)
    return (
      <Card title="Where it is">
        <p>It runs beside another server, or has just ended. Look again in a moment.</p>
      </Card>
    );
  const at = stages.findIndex(([stage]) => stage === progress.stage);
  const waits = ['agreeing', 'telling', 'approving'].includes(progress.stage);
  return (
    <Card title="Where it is" tone={waits ? 'waits' : 'plain'}>
      <ol className="stages">
        {stages.map(([stage, words], no) => (
          <li
            key={stage}
            className={no < at ? 'done' : no === at ? 'now' : ''}
            {...(no === at ? { 'aria-current': 'step' as const } : {})}
          >
            {words}
            {no < at ? <span className="soft"> (done)</span> : null}
          </li>
        ))}
      </ol>
      <HoldContext value={setHeld}>
        <WhereProvider value="drill">
          <Next progress={progress} />
        </WhereProvider>
      </HoldContext>
    </Card>
  );
}

function Next({ progress }: { readonly progress: NonNullable<Drill['progress']> }): ReactNode {
  const { stage, told, plan, agree, retraction } = progress;
  if (stage === 'agreeing' && plan !== null && agree !== null) return <AgreeInDrill plan={plan} agree={agree} />;
  if (stage === 'telling' && plan !== null) return <HaltInDrill plan={plan} told={told} />;
  if (stage === 'approving' && retraction !== null) return <ApproveInDrill retraction={retraction} />;
  return (
    <p className="soft" role="status">
      Nobody has to do anything now.
    </p>
  );
}
