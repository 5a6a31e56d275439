import type { ReactNode } from 'react';
import { useRead } from '../api/read.ts';
import { Card } from '../design/Card.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { NoticesCard } from '../plan/NoticesCard.tsx';
import { useMay } from '../session/use-session.ts';
import { useHaltableRollout } from '../shell/halting.ts';
import { CloseStep } from './CloseStep.tsx';
import { DecideStep } from './DecideStep.tsx';
import { HaltStep } from './HaltStep.tsx';
import { isAtRest, lettersUnderWay } from './standing.ts';
import { StepCard } from './StepCard.tsx';
import { StatementStep } from './StatementStep.tsx';
import { TellStep } from './TellStep.tsx';
import { WithdrawStep } from './WithdrawStep.tsx';
import { YesStep } from './YesStep.tsx';

/** A halt of somebody else, a yes of somebody else: often enough that nobody waits for a reload. */
const lookEveryMs = 3_000;
/** Each reading counts every account of the retraction. */
const countEveryMs = 10_000;

interface Props {
  readonly plan: string;
  /** Of several retractions the one that was asked for; null for the newest. */
  readonly asked: string | null;
}

/** From "something is wrong" to done, for one plan that was started. */
export function PutRight({ plan, asked }: Props): ReactNode {
  const may = useMay();
  const status = useRead('get /api/v1/rollouts/{subject}', { params: { subject: plan } }, { everyMs: lookEveryMs });
  const frozen = useRead('get /api/v1/plans/{plan}', { params: { plan: plan } });
  const all = useRead(
    'get /api/v1/plans/{plan}/retractions',
    { params: { plan: plan } },
    { enabled: may('retraction.read'), everyMs: lookEveryMs },
  );
  const listed = all.data?.retractions ?? [];
  const current = asked ?? listed[0]?.retraction ?? null;
  const read = useRead(
    'get /api/v1/retractions/{subject}',
    { params: { subject: current ?? plan } },
    { enabled: current !== null && may('retraction.read'), everyMs: countEveryMs },
  );
  const shown = read.data?.retraction === current ? read.data : null;
  const haltable = shown?.started === true ? shown.retraction : plan;
  useHaltableRollout(haltable);

  if (!may('retraction.read'))
    return (
      <Card title="Not for your role">
        <p>Your role does not read retractions. HALT is yours all the same.</p>
      </Card>
    );
  const failed = [status, frozen, all, read].find(({ isError }) => isError);
  const isRead = status.data !== undefined && frozen.data !== undefined && all.data !== undefined;
  if (!isRead || (current !== null && shown === null && !read.isError))
    return failed === undefined ? (
      <p className="loading" role="status">
        Reading what happened …
      </p>
    ) : (
      <ProblemNote error={failed.error} onAgain={() => void failed.refetch()} />
    );
  const { tracks } = status.data;
  const rests = isAtRest(tracks);
  const untold = status.data.containedUntold?.count ?? 0;
  return (
    <>
      {failed === undefined ? null : <ProblemNote error={failed.error} onAgain={() => void failed.refetch()} />}
      <HaltStep plan={plan} status={status.data} />
      <TellStep plan={plan} tracks={tracks} rests={rests} untold={untold} />
      <WithdrawStep batches={frozen.data.batches} isLater={shown !== null || !rests} />
      <DecideStep
        plan={plan}
        rests={rests}
        letters={lettersUnderWay(tracks)}
        shown={shown}
        others={listed.map((one) => one.retraction).filter((one) => one !== current)}
      />
      {shown === null ? (
        <>
          <StepCard no={5} title="Yes, and go" standing="later">
            <p className="soft">Two people for more than 25 accounts, neither of them its author.</p>
          </StepCard>
          <StepCard no={6} title="Until every account is closed" standing="later">
            <p className="soft">Whoever is left over is counted and listed until somebody closes it.</p>
          </StepCard>
        </>
      ) : (
        <>
          {shown.started ? null : <NoticesCard plan={plan} />}
          <YesStep shown={shown} directory={frozen.data.directory} />
          {shown.started ? (
            <CloseStep shown={shown} untold={untold} />
          ) : (
            <StepCard no={6} title="Until every account is closed" standing="later">
              <p className="soft">Whoever is left over is counted and listed until somebody closes it.</p>
            </StepCard>
          )}
        </>
      )}
      <StatementStep plan={plan} isMoving={shown?.started === true && shown.tally.remainder > 0} />
    </>
  );
}
