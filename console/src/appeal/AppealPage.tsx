import { useMutation } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { call } from '../api/call.ts';
import { useRead } from '../api/read.ts';
import { AccountStory } from '../account/AccountStory.tsx';
import { Card } from '../design/Card.tsx';
import { Facts } from '../design/Facts.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Moment } from '../design/Moment.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { SubjectLink } from '../design/SubjectLink.tsx';
import { Tag } from '../design/Tag.tsx';
import { WorkButton } from '../design/WorkButton.tsx';
import { useMay } from '../session/use-session.ts';
import { Page } from '../shell/Page.tsx';
import { DecideAppeal } from './DecideAppeal.tsx';
import { decisionWords, liftedWords, mayTellAgain, toldWords } from './words.ts';
import type { Appeal, Decision } from './words.ts';
import { Named } from '../design/Named.tsx';

/** One holder's words, what we did to their account, and the decision. */
export function AppealPage(): ReactNode {
  const { appeal: id } = useParams({ from: '/appeals/$appeal' });
  const may = useMay();
  const read = useRead('get /api/v1/appeals/{appeal}', { params: { appeal: id } });
  const [deciding, setDeciding] = useState<Decision | null>(null);
  const appeal = read.data;
  const offered: readonly Decision[] =
    appeal === undefined || !may('appeal.decide')
      ? []
      : appeal.decision === null
        ? ['declined', 'granted']
        : mayTellAgain(appeal)
          ? [appeal.decision]
          : [];
  return (
    <Page
      title={id}
      lead={
        appeal === undefined ? undefined : (
          <>
            <Tag tone={appeal.decision === null ? 'waits' : 'plain'}>{appeal.decision ?? 'open'}</Tag> Asked{' '}
            <Moment at={appeal.openedAt} />.{' '}
            {appeal.about === 'suspend'
              ? `It is about a suspension${appeal.decision === null ? ': granting it lets this account back in at once.' : '.'}`
              : 'Deciding changes nothing in any account.'}
          </>
        )
      }
      actions={
        offered.length === 0
          ? undefined
          : offered.map((decision) => (
              <Button key={decision} className="button" onPress={() => setDeciding(decision)}>
                {appeal?.decision === decision
                  ? 'Tell them again …'
                  : decision === 'granted'
                    ? 'They are right …'
                    : 'The notice stands …'}
              </Button>
            ))
      }
    >
      <Loaded query={read} what="the appeal">
        {(shown) => (
          <>
            <Words appeal={shown} />
            {may('account.explain') ? <Story key={id} noticeNumber={shown.noticeNumber} /> : null}
          </>
        )}
      </Loaded>
      {appeal === undefined || deciding === null ? null : (
        <DecideAppeal appeal={appeal} decision={deciding} onClose={() => setDeciding(null)} />
      )}
    </Page>
  );
}

function Words({ appeal }: { readonly appeal: Appeal }): ReactNode {
  const { words, noticeNumber, plan, accountId, decision, reason, decidedBy, decidedAt, told, lifted, about } = appeal;
  return (
    <>
      <Card title="In their own words">
        {words === null ? (
          <p className="soft">They wrote none, or they were erased.</p>
        ) : (
          <blockquote className="holder-words" dir="auto">
            {words}
          </blockquote>
        )}
        <Facts
          facts={[
            { label: 'Notice', value: <span className="mono">{noticeNumber}</span> },
            { label: 'Plan', value: <SubjectLink subject={plan} /> },
            { label: 'Account', value: <span className="mono">{accountId}</span> },
          ]}
        />
      </Card>
      {decision === null ? null : (
        <Card title="Decided">
          <Facts
            facts={[
              { label: 'Decision', value: decisionWords[decision] },
              { label: 'For colleagues', value: <span dir="auto">{reason ?? 'erased'}</span> },
              {
                label: 'By',
                value: (
                  <>
                    <Named>{decidedBy ?? 'nobody'}</Named>
                    {decidedAt === null ? null : (
                      <>
                        , <Moment at={decidedAt} />
                      </>
                    )}
                  </>
                ),
              },
              { label: 'Its holder', value: toldWords[told ?? 'unsent'] },
              ...(lifted === null ? [] : [{ label: 'The account', value: liftedWords[lifted] }]),
            ]}
          />
          {decision === 'granted' && about === 'reset' ? (
            <p className="note waits">
              Nothing was given back by this.{' '}
              <Link to="/retractions/$subject" params={{ subject: plan }}>
                Put {plan} right
              </Link>
              : withdraw the evidence that was wrong, and draw up its retraction.
            </p>
          ) : null}
        </Card>
      )}
    </>
  );
}

/** Each reading of a story is a person's own act, with an entry in the ledger: it is not read before somebody asks. */
function Story({ noticeNumber }: { readonly noticeNumber: string }): ReactNode {
  const reading = useMutation({
    mutationFn: () => call('post /api/v1/explanations', { body: { query: noticeNumber } }),
  });
  if (reading.data !== undefined) return <AccountStory story={reading.data} />;
  return (
    <Card title="What we did to this account, and why">
      <p className="soft">The reading is in the ledger, with your name.</p>
      <WorkButton className="button act" isWorking={reading.isPending} onPress={() => reading.mutate()}>
        {reading.isPending ? 'Reading …' : 'Read the story'}
      </WorkButton>
      {reading.isError ? <ProblemNote error={reading.error} /> : null}
    </Card>
  );
}
