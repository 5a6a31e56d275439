import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useRead } from '../api/read.ts';
import { Loaded } from '../design/Loaded.tsx';
import { Page } from '../shell/Page.tsx';
import { PutRight } from './PutRight.tsx';

/** By the plan that went wrong, or by one of its retractions. */
export function RetractionPage(): ReactNode {
  const { subject } = useParams({ from: '/retractions/$subject' });
  const isPlan = subject.startsWith('plan_');
  const found = useRead('get /api/v1/retractions/{subject}', { params: { subject } }, { enabled: !isPlan });
  const plan = isPlan ? subject : found.data?.plan;
  return (
    <Page
      title={plan === undefined ? subject : `Put ${plan} right`}
      lead="From “something is wrong” to done. Each step says where it stands; nothing is done by itself."
      actions={
        plan === undefined ? undefined : (
          <Link to="/plans/$plan" params={{ plan: plan }} className="button">
            The plan
          </Link>
        )
      }
    >
      {isPlan ? (
        <PutRight key={subject} plan={subject} asked={null} />
      ) : (
        <Loaded query={found} what="the retraction">
          {(read) => <PutRight key={subject} plan={read.plan} asked={subject} />}
        </Loaded>
      )}
    </Page>
  );
}
