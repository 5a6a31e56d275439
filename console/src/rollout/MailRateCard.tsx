import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Card } from '../design/Card.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { Tag } from '../design/Tag.tsx';
import { number, span, unbroken } from '../design/words.ts';
import { isFull, limitName, shortDomainsWords } from './rate-words.ts';

type MailRate = NonNullable<Answer<'get /api/v1/rollouts/{subject}'>['mailRate']>;

/** What may leave, what did, what holds the rest back, and how long it takes at the least: the answer to "why is it slow". */
export function MailRateCard({ rate }: { readonly rate: MailRate }): ReactNode {
  const { limits, eachDomain, leastSecondsToGo } = rate;
  return (
    <Card
      title="Rate of mail"
      aside={
        leastSecondsToGo > 0 ? (
          <span className="soft">the rest takes at least {span(leastSecondsToGo)}</span>
        ) : undefined
      }
    >
      <SmallTable
        caption="Used of what is allowed, over all rollouts"
        rows={limits}
        keyOf={({ key, windowSeconds }) => `${key} ${windowSeconds}`}
        none="No rate is named of all mail, of a provider or of a domain."
        columns={[
          { label: 'Mail', cell: limitName },
          { label: 'Used', isNumber: true, cell: ({ used }) => number(used) },
          { label: 'For notices', isNumber: true, cell: ({ forNotices }) => number(forNotices) },
          { label: 'Allowed', isNumber: true, cell: ({ allowed }) => number(allowed) },
          {
            label: 'Now',
            cell: (limit) => (isFull(limit) ? <Tag tone="waits">notices wait</Tag> : 'has room'),
          },
        ]}
      />
      {eachDomain == null ? null : <EachDomain standing={eachDomain} />}
      <p className="soft">
        What is allowed and is not for notices is kept for corrections. Waves, soaks and the hours of the day come on
        top.
      </p>
    </Card>
  );
}

/** Which domains these are is not told: one with a single person in it names that person. */
function EachDomain({ standing }: { readonly standing: NonNullable<MailRate['eachDomain']> }): ReactNode {
  const { limits, waiting, freeInSeconds } = standing;
  const allowed = limits.map(
    ({ windowSeconds, forNotices, allowed: most }) =>
      `${number(most)} in ${unbroken(span(windowSeconds))}, ${number(forNotices)} of them for notices`,
  );
  return (
    <p>
      Each other recipient domain by itself: {allowed.join('; ')}.{' '}
      {waiting === 0 ? (
        'None waits now.'
      ) : (
        <>
          <Tag tone="waits">notices wait</Tag> {shortDomainsWords(waiting, freeInSeconds)}. Everybody else goes on.
        </>
      )}
    </p>
  );
}
