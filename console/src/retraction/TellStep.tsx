import { hashKey, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { call } from '../api/call.ts';
import { keyOf, useRead } from '../api/read.ts';
import type { Answer } from '../api/routes.ts';
import { ConfirmAct } from '../confirm/ConfirmAct.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { people } from '../design/words.ts';
import { useMay } from '../session/use-session.ts';
import { TrackBar } from '../rollout/TrackBar.tsx';
import { StepCard } from './StepCard.tsx';

type Kind = 'holding' | 'late';

interface Letter {
  readonly kind: Kind;
  readonly name: string;
  readonly what: string;
  readonly permission: string;
}

const letters: readonly Letter[] = [
  {
    kind: 'holding',
    name: 'We are checking',
    what: 'To everyone whom the notice reached or may have reached. It promises nothing.',
    permission: 'correction.send-holding',
  },
  {
    kind: 'late',
    name: 'Told late',
    what: 'To everyone who was contained and told nothing: they cannot sign in and do not know why.',
    permission: 'correction.send-late',
  },
];

/** A retraction gives passwords back meanwhile: who would get a letter is soon another number. */
const countEveryMs = 10_000;

const previewRoute = 'get /api/v1/plans/{plan}/corrections/{kind}';

type Track = Answer<'get /api/v1/rollouts/{subject}'>['tracks'][number];

interface Props {
  readonly plan: string;
  readonly tracks: readonly Track[];
  readonly rests: boolean;
  /** Contained, and nobody told them. */
  readonly untold: number;
}

/** People do not have to wait for the end of it: the words were approved with the plan. */
export function TellStep({ plan, tracks, rests, untold }: Props): ReactNode {
  const isSent = tracks.some(({ track, phase }) => track === 'holding' && phase === 'finished');
  return (
    <StepCard no={2} title="Say that we are checking" standing={isSent && untold === 0 ? 'done' : 'open'}>
      {rests ? (
        <ul className="list">
          {letters.map((letter) => (
            <li key={letter.kind}>
              <LetterRow
                plan={plan}
                letter={letter}
                track={tracks.find(({ track }) => track === letter.kind) ?? null}
              />
            </li>
          ))}
        </ul>
      ) : (
        <p className="soft">Once it is halted and nothing is in flight.</p>
      )}
    </StepCard>
  );
}

interface LetterProps {
  readonly plan: string;
  readonly letter: Letter;
  /** Null: it was never begun. */
  readonly track: Track | null;
}

function LetterRow({ plan, letter, track }: LetterProps): ReactNode {
  const { kind, name, what, permission } = letter;
  const may = useMay();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<number | null>(null);
  const params = { plan: plan, kind };
  const isBegun = track !== null && track.phase !== 'halted';
  const preview = useRead(
    previewRoute,
    { params },
    { enabled: !isBegun && may('correction.read'), everyMs: countEveryMs },
  );
  return (
    <>
      <p>
        <strong>{name}.</strong> {what}
      </p>
      {track === null ? null : (
        <>
          <TrackBar track={track} />
          <p className="soft">
            To {people(track.members)}: {track.phase}.
          </p>
        </>
      )}
      {isBegun ? null : (
        <Loaded query={preview} what="who would get it">
          {({ recipients, conditional }) => (
            <div className="row">
              <p>
                {recipients === 0 ? 'Nobody would get it now.' : `${people(recipients)} would get it now.`}
                {conditional === 0
                  ? ''
                  : ` ${people(conditional)} of them in conditional words: nobody knows whether the notice arrived.`}
              </p>
              {recipients > 0 && may(permission) ? (
                <Button className="button" onPress={() => setAsked(recipients)}>
                  {track === null ? `Send “${name}” …` : 'Let it go on …'}
                </Button>
              ) : null}
            </div>
          )}
        </Loaded>
      )}
      {asked === null ? null : (
        <ConfirmAct
          onClose={() => setAsked(null)}
          act={{
            title: `Send “${name}” to ${people(asked)}`,
            will: <p>A mail cannot be called back. These words were approved with {plan}, so nobody is asked again.</p>,
            typed: [
              {
                label: 'How many people',
                hint: 'As you read it on the page.',
                expected: String(asked),
                isNumber: true,
              },
            ],
            actLabel: 'Send',
            actingLabel: 'Beginning …',
            run: async () => {
              const body = { total: asked };
              const sent = await call('post /api/v1/plans/{plan}/corrections/{kind}', { params, body });
              // Who would get it is not asked again: it is begun, and asking would be refused.
              const asking = hashKey(keyOf(previewRoute, { params }));
              await queries.invalidateQueries({ predicate: ({ queryHash }) => queryHash !== asking });
              return sent;
            },
            done: (sent) => (
              <p>
                <strong>It is on its way to {people(sent.recipients)}.</strong>
              </p>
            ),
          }}
        />
      )}
    </>
  );
}
