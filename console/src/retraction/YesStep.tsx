import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { call } from '../api/call.ts';
import type { Answer } from '../api/routes.ts';
import { SayYes } from '../approval/SayYes.tsx';
import { ConfirmAct } from '../confirm/ConfirmAct.tsx';
import { Facts } from '../design/Facts.tsx';
import { Moment } from '../design/Moment.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { Tag } from '../design/Tag.tsx';
import { number, people } from '../design/words.ts';
import { useMay, useSession } from '../session/use-session.ts';
import { StepCard } from './StepCard.tsx';

type Shown = Answer<'get /api/v1/retractions/{subject}'>;

interface Props {
  readonly shown: Shown;
  readonly directory: string;
}

/** Restoring is the dangerous direction: a stolen session must not hand stolen passwords back. */
export function YesStep({ shown, directory }: Props): ReactNode {
  const may = useMay();
  const queries = useQueryClient();
  const { operator } = useSession();
  const [doing, setDoing] = useState<'yes' | 'start' | null>(null);
  const { retraction, digest, digestWords, affected, approvals, author, started } = shown;
  const { have, required, given } = approvals;
  const isAgreed = have >= required;
  const hasSaid = given.some((one) => one.operator === operator.id && one.holds);
  // Up to 25 accounts one person is enough, its author too; the server decides.
  const mayBeAuthor = required === 1;
  const maySayYes =
    !started && !isAgreed && !hasSaid && may('approval.give') && (mayBeAuthor || author !== operator.id);
  return (
    <StepCard no={5} title="Yes, and go" standing={started ? 'done' : 'now'}>
      <p>
        {number(have)} of {number(required)} {required === 1 ? 'person' : 'people'} said yes.
        {started ? ' It was started.' : isAgreed ? ' It can be started.' : ''}
        {!started && !isAgreed && !mayBeAuthor && author === operator.id
          ? ' You drew it up, so two others say yes.'
          : ''}
      </p>
      <div className="actions">
        {maySayYes ? (
          <Button className="button act" onPress={() => setDoing('yes')}>
            Approve {retraction}
          </Button>
        ) : null}
        {!started && isAgreed && may('retraction.start') ? (
          <Button className="button act" onPress={() => setDoing('start')}>
            Go …
          </Button>
        ) : null}
      </div>
      <SmallTable
        caption="Who said yes"
        rows={given}
        keyOf={(one) => `${one.operator} ${one.givenAt}`}
        none="Nobody has said yes."
        columns={[
          { label: 'Who', cell: (one) => `${one.name} (${one.operator})` },
          { label: 'Good until', cell: ({ until }) => <Moment at={until} /> },
          { label: 'Counts', cell: ({ holds }) => <Tag tone={holds ? 'good' : 'waits'}>{holds ? 'yes' : 'no'}</Tag> },
        ]}
      />
      <Facts
        facts={[
          { label: 'Digest', value: <span className="mono">{digest}</span> },
          { label: 'In words', value: <strong className="digest-words">{digestWords}</strong> },
        ]}
      />
      {doing === 'yes' ? (
        <SayYes
          title={`Say yes to ${retraction}`}
          what={
            shown.action === 'suspend' ? (
              <p>
                {people(affected)} of {directory} are let back into their account or get a letter that says what was
                wrong.
              </p>
            ) : (
              <p>
                {people(affected)} of {directory} get their old password back or a letter that says what was wrong. A
                password that is given back to the wrong person cannot be taken back.
              </p>
            )
          }
          to={{ kind: 'retraction', subject: retraction, digest, total: affected, decision: 'approve' }}
          directory={directory}
          isSpoken
          actLabel="Say yes with my passkey"
          give={(yes) =>
            call('post /api/v1/retractions/{retraction}/approvals', { params: { retraction: retraction }, body: yes })
          }
          done={({ expiresAt }) => (
            <p>
              <strong>Your yes is recorded.</strong> It holds until <Moment at={expiresAt} />.
            </p>
          )}
          onClose={() => setDoing(null)}
        />
      ) : null}
      {doing === 'start' ? (
        <ConfirmAct
          onClose={() => setDoing(null)}
          act={{
            title: `Start ${retraction}`,
            will: (
              <p>
                Passwords go back in waves of 10, 100 and 1,000, and a letter follows each. It can be halted at any
                moment; a letter cannot be called back.
              </p>
            ),
            typed: [
              {
                label: 'How many people',
                hint: 'The total, as you read it on the page.',
                expected: String(affected),
                isNumber: true,
              },
            ],
            actLabel: 'Go',
            actingLabel: 'Starting …',
            run: async () => {
              const result = await call('post /api/v1/retractions/{retraction}/rollout', {
                params: { retraction: retraction },
              });
              await queries.invalidateQueries();
              return result;
            },
            done: (result) =>
              result.kind === 'started' ? (
                <p>
                  <strong>It runs.</strong> This page follows it until every account is closed.
                </p>
              ) : (
                <p>
                  Nothing was started: {result.have} of {result.required} said yes, as it counts now.
                </p>
              ),
          }}
        />
      ) : null}
    </StepCard>
  );
}
