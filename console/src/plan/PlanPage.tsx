import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useRead } from '../api/read.ts';
import { Card } from '../design/Card.tsx';
import { Facts } from '../design/Facts.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Moment } from '../design/Moment.tsx';
import { Page } from '../shell/Page.tsx';
import { NoticesCard } from './NoticesCard.tsx';
import type { Answer } from '../api/routes.ts';
import { PlanActions } from './PlanActions.tsx';
import { PlanEvidence } from './PlanEvidence.tsx';
import { PlanLimitsCard } from './PlanLimitsCard.tsx';
import { PlanPeople } from './PlanPeople.tsx';
import { PlanRisks } from './PlanRisks.tsx';
import { PlanSample } from './PlanSample.tsx';
import { PlanYeses } from './PlanYeses.tsx';
import { Named } from '../design/Named.tsx';

/** Everything that a person needs before saying yes, in the order in which it is judged: who, why, what could go wrong, how. */
export function PlanPage(): ReactNode {
  const { plan } = useParams({ from: '/plans/$plan' });
  const shown = useRead('get /api/v1/plans/{plan}', { params: { plan: plan } });
  return (
    <Page
      title={plan}
      lead={
        shown.data === undefined ? undefined : (
          <>
            {doesInWords(shown.data)} at {shown.data.directory} ({shown.data.environment}); drawn up by{' '}
            <Named>{shown.data.author}</Named>, <Moment at={shown.data.createdAt} />.
          </>
        )
      }
      actions={shown.data === undefined ? undefined : <PlanActions plan={shown.data} />}
    >
      <Loaded query={shown} what="the plan">
        {(read) => (
          <>
            <PlanPeople plan={read} />
            <PlanRisks plan={read} />
            <PlanEvidence batches={read.batches} />
            <NoticesCard plan={read.plan} />
            <PlanLimitsCard plan={read} />
            <PlanSample plan={read} />
            <PlanYeses plan={read} />
            <Card title="What the yes is to">
              <Facts
                facts={[
                  { label: 'Digest', value: <span className="mono">{read.digest}</span> },
                  { label: 'In words', value: <strong className="digest-words">{read.digestWords}</strong> },
                  { label: 'Code version', value: <span className="mono">{read.codeVersion}</span> },
                  {
                    label: 'Templates',
                    value: `${read.templates.length} mails, each pinned by its own digest`,
                  },
                ]}
              />
              <p className="soft">
                The digest is over the header, every target and every exclusion. Compute it yourself:{' '}
                <code>allclear plan export {read.plan} | node tools/plan-digest.mjs</code>
              </p>
            </Card>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function doesInWords({ suspension }: Answer<'get /api/v1/plans/{plan}'>): string {
  if (suspension === null) return 'Reset passwords';
  return `Suspend accounts, because ${suspension.words}, for ${suspension.days} days each,`;
}
