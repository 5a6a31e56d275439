import type { ReactNode } from 'react';
import { Card } from '../design/Card.tsx';
import { Facts } from '../design/Facts.tsx';
import { Moment } from '../design/Moment.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { SubjectLink } from '../design/SubjectLink.tsx';
import { spaced } from '../design/words.ts';
import { credentialHead, credentialWord, decisionWord, letterWords, reasonWords } from '../retraction/words.ts';
import type { Story } from './told-story.ts';

/** What became of the password that was held back. */
const oldPasswordWords: Readonly<Record<string, string>> = {
  sealed: 'sealed; whether it was taken out of use is not known yet',
  open: 'held back, and can be given back',
  restored: 'given back',
  retired: 'not needed any more: there is a newer one',
  destroyed: 'destroyed: it cannot be given back',
};

/** One plan's part in the story, for the person who answers for it. */
export function AccountPlan({ plan }: { readonly plan: Story['plans'][number] }): ReactNode {
  if (plan.kind === 'excluded')
    return (
      <Card title={`${plan.plan}: left out`}>
        <p>{plan.words}</p>
      </Card>
    );
  const { containment, restorePoint, laneWords, notices, retractions } = plan;
  const action = plan.suspension === null ? 'reset' : 'suspend';
  return (
    <Card title={plan.plan} aside={<SubjectLink subject={plan.plan} />}>
      <Facts
        facts={[
          { label: 'Why', value: plan.reason },
          { label: 'Lane', value: `${spaced(plan.lane)}: ${laneWords.why}. ${laneWords.does}.` },
          { label: 'Owner and clock', value: `${laneWords.owner}: ${laneWords.clock}` },
          {
            label: 'Done',
            value: (
              <>
                {spaced(plan.effect)}: {spaced(containment.outcome)}
                {containment.containedAt === null ? null : (
                  <>
                    , <Moment at={containment.containedAt} />
                  </>
                )}
              </>
            ),
          },
          ...(restorePoint === null
            ? []
            : [
                {
                  label: 'Old password',
                  value: (
                    <>
                      {oldPasswordWords[restorePoint.state] ?? spaced(restorePoint.state)}
                      {restorePoint.closedAt === null ? null : (
                        <>
                          , <Moment at={restorePoint.closedAt} /> by {restorePoint.closedBy ?? 'the service'}
                        </>
                      )}
                    </>
                  ),
                },
              ]),
        ]}
      />
      <SmallTable
        caption="Mails"
        rows={notices}
        keyOf={({ number: no }) => no}
        none="No mail was meant for this account."
        columns={[
          { label: 'Number', cell: ({ number: no }) => <span className="mono">{no}</span> },
          { label: 'Kind', cell: ({ kind, conditional }) => `${spaced(kind)}${conditional ? ', conditional' : ''}` },
          { label: 'State', cell: ({ state }) => spaced(state) },
          { label: 'When', cell: ({ recordedAt }) => (recordedAt === null ? '–' : <Moment at={recordedAt} />) },
          {
            label: '“This is not right”',
            cell: ({ dispute }) =>
              dispute === null ? (
                'no'
              ) : (
                <>
                  <Moment at={dispute.pressedAt} />
                  {dispute.counted ? '' : ' (not counted)'}
                </>
              ),
          },
          {
            label: 'Heard later',
            cell: ({ feedback }) =>
              feedback.length === 0
                ? '–'
                : feedback.map((one) => `${one.kind}${one.status === null ? '' : ` ${one.status}`}`).join('; '),
          },
        ]}
      />
      {retractions.length === 0 ? null : (
        <SmallTable
          caption="Put right"
          rows={retractions}
          keyOf={({ retraction }) => retraction}
          none=""
          columns={[
            { label: 'Retraction', cell: ({ retraction }) => <SubjectLink subject={retraction} /> },
            { label: 'Decided', cell: ({ decision }) => decisionWord(action, decision) },
            { label: 'Because', cell: ({ reason }) => reasonWords[reason] ?? reason },
            { label: credentialHead(action), cell: ({ credential }) => credentialWord(action, credential) },
            { label: 'Letter', cell: ({ letter }) => letterWords[letter] ?? letter },
          ]}
        />
      )}
    </Card>
  );
}
