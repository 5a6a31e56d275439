import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { useReadPages } from '../api/read.ts';
import type { Input } from '../api/routes.ts';
import { callStream } from '../api/stream.ts';
import type { FrozenPlanAnswer } from '../../../src/contract/plan.ts';
import {
  suspensionDaysMax,
  suspensionDaysStandard,
  suspensionReasons,
  suspensionReasonWords,
} from '../../../src/domain/plan/suspension-terms.ts';
import type { SuspensionReason } from '../../../src/domain/plan/suspension-terms.ts';
import { Card } from '../design/Card.tsx';
import { Choice } from '../design/Choice.tsx';
import { Field } from '../design/Field.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { Ticks } from '../design/Ticks.tsx';
import { capital, number, people, spaced } from '../design/words.ts';
import { WorkButton } from '../design/WorkButton.tsx';
import { Page } from '../shell/Page.tsx';

type Draft = Input<'post /api/v1/plans'>['body'];

const actions = [
  ['reset', 'Reset', 'Take the password out of use, and end sessions.'],
  ['suspend', 'Suspend', 'Keep the holder out and hide the account; nothing is deleted.'],
] as const;
const noticeOf = { reset: 'password-reset', suspend: 'account-suspended' } as const;
const orders = [
  ['interlocked', 'Interlocked', 'Each wave is told before the next is contained.'],
  ['contain-first', 'Contain first', 'Thieves are inside, and telling may lag behind.'],
] as const;
const budgets = [
  ['normal', 'Normal'],
  ['attack', 'Attack', 'More people at once; needs a reason that two people know.'],
] as const;

/** Draws up and freezes a plan. Nobody is acted on. */
export function DraftPage(): ReactNode {
  const batches = useReadPages('get /api/v1/evidence', {});
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { evidence: first } = useSearch({ from: '/plans/new' });
  const [chosen, setChosen] = useState<readonly string[]>(first === undefined ? [] : [first]);
  const [action, setAction] = useState<Draft['action']>('reset');
  const [reason, setReason] = useState<SuspensionReason>('spam');
  const [days, setDays] = useState(String(suspensionDaysStandard));
  const [notice, setNotice] = useState<string>(noticeOf.reset);
  const [order, setOrder] = useState<NonNullable<Draft['order']>>('interlocked');
  const [budget, setBudget] = useState<NonNullable<Draft['budget']>>('normal');
  const [placed, setPlaced] = useState(0);
  const drafting = useMutation({
    mutationFn: () =>
      callStream<'post /api/v1/plans', { readonly placed: number }, FrozenPlanAnswer>(
        'post /api/v1/plans',
        {
          body: {
            evidence: [...chosen],
            action,
            notice: notice.trim(),
            order,
            budget,
            ...(action === 'suspend' ? { suspension: { reason, days: Number(days) } } : {}),
          },
        },
        (progress) => setPlaced(progress.placed),
      ),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries();
      await navigate({ to: '/plans/$plan', params: { plan: id } });
    },
  });
  const finished = (batches.data?.pages ?? [])
    .flatMap((page) => page.batches)
    .filter(({ state }) => state === 'finished');
  return (
    <Page title="Draw up a plan" lead="It is frozen with its digest, for two people to look at. Nobody is acted on.">
      <Card title="What it rests on">
        {batches.isError ? <ProblemNote error={batches.error} /> : null}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (chosen.length > 0 && !drafting.isPending) drafting.mutate();
          }}
        >
          <Ticks
            label="Evidence"
            chosen={chosen}
            onChange={setChosen}
            none={batches.isPending ? 'Reading …' : 'No batch was imported yet.'}
            options={finished.map(({ batch, source, class: grade, mark }) => [
              batch,
              `${batch}: ${source.name} (${source.authority}), ${grade}, ${number(mark.lines)} lines`,
            ])}
          />
          {batches.hasNextPage ? (
            <Button className="button small" onPress={() => void batches.fetchNextPage()}>
              Older batches
            </Button>
          ) : null}
          <Choice
            label="What is done"
            value={action}
            onChange={(value) => {
              setAction(value as typeof action);
              setNotice(noticeOf[value as typeof action]);
            }}
            options={actions}
          />
          {action === 'suspend' ? (
            <>
              <Choice
                label="Because"
                value={reason}
                onChange={(value) => setReason(value as typeof reason)}
                options={suspensionReasons.map(
                  (one) => [one, capital(spaced(one)), `${capital(suspensionReasonWords[one])}.`] as const,
                )}
              />
              <Field
                label="Over by itself after so many days"
                hint={`Each suspension, from 1 to ${suspensionDaysMax} days.`}
                value={days}
                onChange={setDays}
              />
            </>
          ) : null}
          <Field
            label="Notice"
            hint="The template of the notice and its letters."
            value={notice}
            onChange={setNotice}
          />
          <Choice label="Order" value={order} onChange={(value) => setOrder(value as typeof order)} options={orders} />
          <Choice
            label="Budget"
            value={budget}
            onChange={(value) => setBudget(value as typeof budget)}
            options={budgets}
          />
          <WorkButton
            type="submit"
            className="button act"
            isWorking={drafting.isPending}
            isDisabled={chosen.length === 0 || notice.trim() === ''}
          >
            {drafting.isPending ? 'Drawing up …' : 'Draw up'}
          </WorkButton>
          {drafting.isPending ? <p role="status">{people(placed)} placed so far.</p> : null}
          {drafting.isError ? <ProblemNote error={drafting.error} /> : null}
        </form>
      </Card>
    </Page>
  );
}
