import type { ReactNode } from 'react';
import { Card } from '../design/Card.tsx';
import { number } from '../design/words.ts';
import { stages } from './words.ts';
import type { Drill } from './words.ts';

interface Props {
  readonly drill: Drill;
}

/** Where it is, and the very next command of whoever is to act. */
export function DrillProgress({ drill: { progress } }: Props): ReactNode {
  if (progress === null)
    return (
      <Card title="Where it is">
        <p>It runs beside another server, or has just ended. Look again in a moment.</p>
      </Card>
    );
  const at = stages.findIndex(([stage]) => stage === progress.stage);
  const waits = progress.stage === 'telling' || progress.stage === 'approving';
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
      <div role="status">
        <Next progress={progress} />
      </div>
    </Card>
  );
}

/** The people of a drill have terminals: a session of the console is not known to the server that it runs in. */
function Next({ progress }: { readonly progress: NonNullable<Drill['progress']> }): ReactNode {
  const { stage, told, plan, retraction } = progress;
  if (stage === 'telling')
    return (
      <>
        <p>
          <strong>{number(told)} made-up people have been told</strong> something that is wrong about nearly all of
          them. Whoever would halt halts it now, as in earnest but in a terminal:
        </p>
        <pre className="command">
          <code>{`allclear halt ${plan ?? 'PLAN'} --reason "drill" --drill --as NAME`}</code>
        </pre>
        <p className="soft">The HALT at the top of this page halts what is real, and nothing of the drill.</p>
      </>
    );
  if (stage === 'approving' && retraction !== null)
    return (
      <>
        <p>
          <strong>Two people compare its digest and say yes</strong>, each with their own key, in a terminal:
        </p>
        <pre className="command">
          <code>{`allclear retract show ${retraction.id} --drill --as NAME
allclear retract approve ${retraction.id} --digest ${retraction.digest} --total ${retraction.affected} --key FILE --yes --drill --as NAME`}</code>
        </pre>
      </>
    );
  return <p className="soft">Nobody has to do anything now.</p>;
}
