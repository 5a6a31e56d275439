import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { call } from '../api/call.ts';
import type { Answer } from '../api/routes.ts';
import { ConfirmAct } from '../confirm/ConfirmAct.tsx';
import { ApprovePlan } from './ApprovePlan.tsx';
import { people } from '../design/words.ts';
import { useMay, useSession } from '../session/use-session.ts';

interface Props {
  readonly plan: Answer<'get /api/v1/plans/{plan}'>;
}

/** What can be done with the plan now, by this person. */
export function PlanActions({ plan }: Props): ReactNode {
  const may = useMay();
  const { operator } = useSession();
  const [isStarting, setStarting] = useState(false);
  const [isApproving, setApproving] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const subject = plan.plan;
  if (plan.started)
    return (
      <Link to="/rollouts/$subject" params={{ subject }} className="button act">
        Its rollout
      </Link>
    );
  const isApproved = plan.approvals.have >= plan.approvals.required;
  const isAuthor = plan.author === operator.id;
  const isGiven = plan.approvals.given.some((one) => one.operator === operator.id && one.holds);
  const own = plan.review.reviewers.find((one) => one.reviewer === operator.id);
  const isReviewed = plan.review.need === 'none' || own?.standing === 'clean';
  return (
    <>
      {may('plan.review') && !isAuthor && plan.review.need !== 'none' ? (
        <Link to="/plans/$plan/review" params={{ plan: subject }} className={isReviewed ? 'button' : 'button act'}>
          Review
        </Link>
      ) : null}
      {may('approval.give') && !isAuthor && !isGiven && isReviewed && plan.review.wrong.length === 0 ? (
        <Button className={isApproved ? 'button' : 'button act'} onPress={() => setApproving(true)}>
          Approve
        </Button>
      ) : null}
      {isApproved && may('rollout.start') ? (
        <Button className="button act" onPress={() => setStarting(true)}>
          Start
        </Button>
      ) : null}
      {isApproving ? <ApprovePlan plan={plan} onClose={() => setApproving(false)} /> : null}
      {isStarting ? (
        <ConfirmAct
          onClose={() => setStarting(false)}
          act={{
            title: `Start ${subject}`,
            will: (
              <>
                <p>
                  {people(plan.counts.total)} are acted on, in waves; the first wave begins within seconds.{' '}
                  {people(plan.counts.told)} are told by mail.
                </p>
                <p>
                  Mails cannot be called back. Passwords can be given back. HALT stops it at any moment, by one person.
                </p>
              </>
            ),
            typed: [
              {
                label: 'How many people',
                hint: 'The total, as you read it above.',
                expected: String(plan.counts.total),
                isNumber: true,
              },
            ],
            actLabel: 'Start',
            actingLabel: 'Starting …',
            run: async () => {
              await call('post /api/v1/plans/{plan}/rollout', {
                params: { plan: subject },
                body: { total: plan.counts.total },
              });
              await queries.invalidateQueries();
              await navigate({ to: '/rollouts/$subject', params: { subject } });
            },
            done: null,
          }}
        />
      ) : null}
    </>
  );
}
