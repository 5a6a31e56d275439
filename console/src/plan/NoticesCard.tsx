import type { ReactNode } from 'react';
import { useState } from 'react';
import { useRead } from '../api/read.ts';
import type { Answer } from '../api/routes.ts';
import { Card } from '../design/Card.tsx';
import { Choice } from '../design/Choice.tsx';
import { Loaded } from '../design/Loaded.tsx';

type Person = Answer<'get /api/v1/plans/{plan}/notices'>['people'][number];
type Kind = Person['mails'][number]['kind'];

const letters: readonly (readonly [Kind, string])[] = [
  ['final', 'That was our mistake'],
  ['confirmed', 'We checked, and the notice stands'],
  ['holding', 'We are checking'],
  ['late', 'Told late'],
];

const languageNames = new Intl.DisplayNames('en', { type: 'language' });

/** The notice as somebody of the plan would read it, and beside it each letter that could follow. */
export function NoticesCard({ plan }: { readonly plan: string }): ReactNode {
  const previews = useRead('get /api/v1/plans/{plan}/notices', { params: { plan: plan } });
  const [at, setAt] = useState('0');
  const [letter, setLetter] = useState<Kind>('final');
  return (
    <Card title="What people read">
      <Loaded query={previews} what="the notices">
        {({ people }) => {
          const person = people[Number(at)] ?? people[0];
          if (person === undefined) return <p className="soft">Nobody is told by mail.</p>;
          return (
            <>
              <div className="choose">
                <Choice
                  label="Who"
                  value={at}
                  onChange={setAt}
                  options={people.map((one, index) => [String(index), nameOf(one)] as const)}
                />
                <Choice
                  label="The letter beside it"
                  value={letter}
                  onChange={(value) => setLetter(value as Kind)}
                  options={letters}
                />
              </div>
              <div className="mails">
                <Mail person={person} kind="notice" title="Notice" />
                <Mail person={person} kind={letter} title="Letter" />
              </div>
              <p className="soft">
                {person.accountId === null
                  ? 'Nobody who was looked at reads this language: these words are about an invented person.'
                  : 'Rendered from the evidence about this very person, as if it were done now. The number is that of no mail; nothing is sent.'}
              </p>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function nameOf({ language, accountId, reason }: Person): string {
  const name = languageNames.of(language) ?? language;
  return accountId === null ? `${name}: nobody` : `${name}: ${accountId}, ${reason ?? ''}`;
}

interface MailProps {
  readonly person: Person;
  readonly kind: Kind;
  readonly title: string;
}

function Mail({ person, kind, title }: MailProps): ReactNode {
  const mail = person.mails.find((one) => one.kind === kind);
  const withheld = person.withheld.find((one) => one.kind === kind);
  return (
    <article className="mail" aria-label={title}>
      <p className="soft small">{title}</p>
      {mail === undefined ? (
        <p>
          Withheld: no proof of {withheld?.unproved.join(', ') ?? 'a claim'} about this person. Nothing would be sent.
        </p>
      ) : (
        <div lang={person.language} dir="auto">
          <h3>{mail.subject}</h3>
          <div className="mail-text">{mail.text}</div>
        </div>
      )}
    </article>
  );
}
