import type { ReactNode } from 'react';
import { AccountEvents } from './AccountEvents.tsx';
import { AccountEvidence } from './AccountEvidence.tsx';
import { AccountPlan } from './AccountPlan.tsx';
import { NowCard } from './NowCard.tsx';
import type { Story } from './told-story.ts';

/** The whole story, first what can be read out to its holder. */
export function AccountStory({ story }: { readonly story: Story }): ReactNode {
  return (
    <>
      <NowCard story={story} />
      {story.plans.map((plan) => (
        <AccountPlan key={plan.plan} plan={plan} />
      ))}
      <AccountEvidence evidence={story.evidence} />
      <AccountEvents events={story.events} />
    </>
  );
}
