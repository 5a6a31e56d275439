import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Label } from 'react-aria-components/Label';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { call } from '../api/call.ts';
import type { Answer } from '../api/routes.ts';
import { useWhere } from '../api/where.ts';
import { ConfirmAct } from '../confirm/ConfirmAct.tsx';
import { Field } from '../design/Field.tsx';
import { HaltResult } from './HaltResult.tsx';

type HaltAnswer = Answer<'post /api/v1/halts'>;
type Scope = 'all' | 'contain' | 'tell';

const scopes: readonly (readonly [Scope, string, string])[] = [
  ['all', 'Both', 'nothing more is done to any account, and no mail leaves'],
  ['contain', 'Contain only', 'no account is touched; people already contained are still told'],
  ['tell', 'Tell only', 'no mail leaves; accounts are still contained'],
];

interface Props {
  /** The rollout on the screen; null where there is none. */
  readonly subject: string | null;
  /** The page is that of a drill, and this halts what is real. */
  readonly isBesideDrill?: boolean;
  readonly onClose: () => void;
}

/** One confirmation, one person; then what stopped and what still moves. In a drill it halts the drill's plan and nothing else. */
export function HaltDialog({ subject, isBesideDrill = false, onClose }: Props): ReactNode {
  const queries = useQueryClient();
  const isDrill = useWhere() === 'drill';
  const [scope, setScope] = useState<Scope>('all');
  const [only, setOnly] = useState(isDrill);
  const [reason, setReason] = useState('');
  const of = only && subject !== null ? subject : null;
  return (
    <ConfirmAct<HaltAnswer>
      onClose={onClose}
      act={{
        title: of === null ? 'Halt everything' : isDrill ? `Halt ${of} of the drill` : `Halt ${of}`,
        tone: 'halt',
        will: (
          <>
            <p>
              It stops at once, corrections too. Nobody has to agree, and nothing resumes by itself. Halting twice does
              no harm.
            </p>
            {isBesideDrill ? (
              <p className="note waits">
                This halts what is real, and nothing of the drill. To practise: “HALT the drill” on its page.
              </p>
            ) : null}
            {subject === null || isDrill ? null : (
              <RadioGroup
                className="choices"
                value={only ? 'one' : 'all'}
                onChange={(value) => setOnly(value === 'one')}
              >
                <Label>What</Label>
                <Radio value="all">Everything that runs</Radio>
                <Radio value="one">Only {subject}</Radio>
              </RadioGroup>
            )}
            <details>
              <summary>Halt one track only, or say why</summary>
              <RadioGroup className="choices" value={scope} onChange={(value) => setScope(value as Scope)}>
                <Label>Tracks</Label>
                {scopes.map(([value, word, does]) => (
                  <Radio key={value} value={value}>
                    {word}: {does}
                  </Radio>
                ))}
              </RadioGroup>
              <Field
                label="Why, for those who read it later"
                value={reason}
                onChange={setReason}
                isLong
                maxLength={2_000}
              />
            </details>
          </>
        ),
        actLabel: of === null ? 'HALT everything' : `HALT ${of}`,
        actingLabel: 'Halting …',
        run: async () => {
          const halted = await call(
            'post /api/v1/halts',
            { body: { subject: of, scope, reason } },
            { where: isDrill ? 'drill' : 'live' },
          );
          // Nothing on any page is as it was.
          void queries.invalidateQueries();
          return halted;
        },
        done: (halted) => <HaltResult halted={halted} />,
      }}
    />
  );
}
