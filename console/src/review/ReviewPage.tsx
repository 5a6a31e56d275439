import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { call } from '../api/call.ts';
import type { Answer, Input } from '../api/routes.ts';
import { ConfirmAct } from '../confirm/ConfirmAct.tsx';
import { Card } from '../design/Card.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { Page } from '../shell/Page.tsx';
import { ReviewProgress } from './ReviewProgress.tsx';
import { TargetCard } from './TargetCard.tsx';

type Verdict = Input<'post /api/v1/plans/{plan}/reviews/own/verdicts'>['body']['verdicts'][number]['verdict'];
type Target = Answer<'post /api/v1/plans/{plan}/reviews/own/readings'>['targets'][number];

/** Read at once: each reading is an entry of the ledger, and what is read should be judged. */
const targetsAtOnce = 10;
/** The most that one reading gives. */
const unclearAtOnce = 100;

/** One's own draw of a plan's targets, a verdict each. */
export function ReviewPage(): ReactNode {
  const { plan } = useParams({ from: '/plans/$plan/review' });
  const params = { plan: plan };
  const queries = useQueryClient();
  const heading = useRef<HTMLHeadingElement>(null);
  const [doubted, setDoubted] = useState<Target | null>(null);
  const [which, setWhich] = useState<'open' | 'unclear'>('open');
  type Page = Input<'post /api/v1/plans/{plan}/reviews/own/readings'>['body'];
  const readTargets = (body: Page): Promise<Answer<'post /api/v1/plans/{plan}/reviews/own/readings'>> =>
    call('post /api/v1/plans/{plan}/reviews/own/readings', { params, body });
  const own = useQuery({
    queryKey: ['own review', plan],
    queryFn: () => call('post /api/v1/plans/{plan}/reviews', { params }),
  });
  const open = useQuery({
    queryKey: ['review targets', plan, which],
    queryFn: async () => {
      if (which === 'open') return readTargets({ after: null, limit: targetsAtOnce, which });
      // Those that this person could not tell are among all of theirs, which are some hundreds at most.
      const unclear = own.data?.verdicts
        .filter(({ verdict }) => verdict === 'cannot-tell')
        .map(({ ordinal }) => ordinal);
      const [first] = unclear ?? [];
      if (unclear === undefined || first === undefined) return { targets: [] };
      const read = await readTargets({ after: first === 0 ? null : first - 1, limit: unclearAtOnce, which: 'all' });
      return { targets: read.targets.filter(({ ordinal }) => unclear.includes(ordinal)) };
    },
    enabled: own.data !== undefined,
    // Never read again by itself: each reading is written down.
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const judge = async (target: Target, verdict: Verdict): Promise<void> => {
    const { ordinal, accountId } = target;
    const stands = await call('post /api/v1/plans/{plan}/reviews/own/verdicts', {
      params,
      body: { verdicts: [{ ordinal, accountId, verdict }] },
    });
    queries.setQueryData(['own review', plan], stands);
    const left = open.data?.targets.filter((one) => one.ordinal !== ordinal) ?? [];
    queries.setQueryData(['review targets', plan, which], { targets: left });
    if (left.length === 0) await open.refetch();
    await queries.invalidateQueries({ queryKey: ['get /api/v1/plans/{plan}'] });
    heading.current?.focus();
  };
  const judging = useMutation({
    mutationFn: ({ target, verdict }: { target: Target; verdict: Verdict }) => judge(target, verdict),
  });
  return (
    <Page
      title={`Review of ${plan}`}
      lead="Your own targets, drawn by chance from every group. Would it be right to do this to this account?"
      actions={
        <Link to="/plans/$plan" params={{ plan }} className="button">
          The plan
        </Link>
      }
    >
      <Loaded query={own} what="your review">
        {(review) => (
          <>
            <ReviewProgress review={review} />
            {review.counts['cannot-tell'] > 0 ? (
              <p>
                <Button className="button" onPress={() => setWhich(which === 'open' ? 'unclear' : 'open')}>
                  {which === 'open' ? 'Judge those again that you could not tell' : 'Back to those that are open'}
                </Button>
              </p>
            ) : null}
          </>
        )}
      </Loaded>
      {judging.isError ? <ProblemNote error={judging.error} /> : null}
      {own.data === undefined ? null : (
        <Loaded query={open} what="your targets">
          {({ targets }) => (
            <Card title={titleOf(targets.length, open.isFetching)}>
              <h3 className="out-of-sight" tabIndex={-1} ref={heading}>
                {targets.length} here
              </h3>
              {targets.length === 0 && open.isFetching ? (
                <p className="loading" role="status">
                  Reading the next ones …
                </p>
              ) : targets.length === 0 ? (
                <p>
                  {own.data?.standing.kind === 'clean' ? (
                    <>
                      Your review is clean.{' '}
                      <Link to="/plans/$plan" params={{ plan }}>
                        Say yes to the plan
                      </Link>
                      , or leave it.
                    </>
                  ) : (
                    'What is not clean stands above.'
                  )}
                </p>
              ) : (
                <ul className="list">
                  {targets.map((target) => (
                    <li key={target.ordinal}>
                      <TargetCard target={target} />
                      <div className="actions">
                        <Button
                          className="button act"
                          isDisabled={judging.isPending}
                          onPress={() => judging.mutate({ target, verdict: 'right' })}
                        >
                          Right
                        </Button>
                        <Button
                          className="button"
                          isDisabled={judging.isPending}
                          onPress={() => judging.mutate({ target, verdict: 'cannot-tell' })}
                        >
                          Cannot tell
                        </Button>
                        <Button className="button" isDisabled={judging.isPending} onPress={() => setDoubted(target)}>
                          Wrong …
                        </Button>
                      </div>
                    </li>
                  ))}
                </ul>
              )}
            </Card>
          )}
        </Loaded>
      )}
      {doubted === null ? null : (
        <ConfirmAct
          onClose={() => setDoubted(null)}
          act={{
            title: `${doubted.accountId} is wrong`,
            will: (
              <p>
                One wrong target is a finding about the evidence: it blocks {plan} for everyone, until that evidence is
                withdrawn and a new plan drawn up. It is your word, in the ledger, with your name.
              </p>
            ),
            actLabel: 'It is wrong',
            run: () => judge(doubted, 'wrong'),
            done: null,
          }}
        />
      )}
    </Page>
  );
}

/** Between one page of targets and the next nothing is on the screen, and something is left all the same. */
function titleOf(count: number, isReading: boolean): string {
  return count > 0 || isReading ? 'To be judged' : 'Nothing is left to judge';
}
