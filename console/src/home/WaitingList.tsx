import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Answer } from '../api/routes.ts';
import { Card } from '../design/Card.tsx';
import { SubjectLink, subjectAddress } from '../design/SubjectLink.tsx';
import { people } from '../design/words.ts';

type Waiting = Answer<'get /api/v1/overview'>['waiting'][number];

const stepWords: Readonly<Record<Waiting['step'], string>> = {
  review: 'Review',
  approve: 'Approve',
  start: 'Start',
  admit: 'Admit',
};

interface Props {
  readonly waiting: readonly Waiting[];
  readonly name: string;
}

export function WaitingList({ waiting, name }: Props): ReactNode {
  const mine = waiting.filter((one) => one.mine);
  const others = waiting.filter((one) => !one.mine);
  return (
    <Card title={`What waits for you, ${name}`} tone={mine.length > 0 ? 'waits' : 'plain'}>
      {mine.length === 0 ? (
        <p className="soft">Nothing.</p>
      ) : (
        <ul className="list">
          {mine.map((one) => (
            <li key={one.subject} className="row">
              <Told waiting={one} />
              <Do waiting={one} />
            </li>
          ))}
        </ul>
      )}
      {others.length === 0 ? null : (
        <details>
          <summary>Waits for others ({others.length})</summary>
          <ul className="list">
            {others.map((one) => (
              <li key={one.subject}>
                <Told waiting={one} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}

function Told({ waiting: { subject, name, total, have, required, step } }: { readonly waiting: Waiting }): ReactNode {
  const said = `${have} of ${required} said yes`;
  return (
    <p>
      {name === undefined ? null : `${name} `}
      <SubjectLink subject={subject} />
      {total === null ? null : `: ${people(total)}`}
      {step === 'admit' ? ' is to be admitted:' : null}
      <span className="soft"> {step === 'start' ? `approved; nobody has started it` : said}</span>
    </p>
  );
}

function Do({ waiting: { subject, step } }: { readonly waiting: Waiting }): ReactNode {
  const address = subjectAddress(subject);
  return address === null ? null : (
    <Link {...address} className="button act small">
      {stepWords[step]}
      <span className="out-of-sight"> {subject}</span>
    </Link>
  );
}
