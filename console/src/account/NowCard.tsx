import type { ReactNode } from 'react';
import { Card } from '../design/Card.tsx';
import { Facts } from '../design/Facts.tsx';
import { number } from '../design/words.ts';
import { SubjectLink } from '../design/SubjectLink.tsx';
import { metWords, toldStory, whatMayBeDone } from './told-story.ts';
import type { Story } from './told-story.ts';

/** What the desk reads out, and what it may do. */
export function NowCard({ story }: { readonly story: Story }): ReactNode {
  const { now, accountId } = story;
  return (
    <>
      <Card title="To be read out" aside={<span className="soft">{metWords(story)}</span>}>
        <ul className="read-out">
          {toldStory(story).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </Card>
      <Card title="What may be done now" tone="waits">
        <ul className="read-out">
          {whatMayBeDone(story).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </Card>
      <Card title="What holds now">
        <Facts
          facts={[
            { label: 'Account', value: <span className="mono">{accountId}</span> },
            { label: 'In short', value: now.words },
            {
              label: 'In the directory',
              value:
                now.inDirectory === null ? 'unknown: the directory does not answer' : now.inDirectory ? 'yes' : 'no',
            },
            { label: 'Live evidence', value: number(now.liveEvidence) },
            {
              label: 'Held back by',
              value: now.quarantinedBy === null ? 'nothing' : <SubjectLink subject={now.quarantinedBy} />,
            },
          ]}
        />
      </Card>
    </>
  );
}
