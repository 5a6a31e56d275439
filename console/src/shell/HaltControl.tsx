import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Label } from 'react-aria-components/Label';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { call } from '../api/call.ts';
import type { Answer } from '../api/routes.ts';
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

/** By its place on the keyboard, so that it is the same key in every layout. */
function isHaltKey(event: KeyboardEvent): boolean {
  return event.altKey && event.shiftKey && event.code === 'KeyH';
}

interface Props {
  /** The rollout on the screen; null where there is none. */
  readonly subject: string | null;
}

/** On every screen, first in the order of the keyboard, and Alt+Shift+H from anywhere. One confirmation, one person. */
export function HaltControl({ subject }: Props): ReactNode {
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [scope, setScope] = useState<Scope>('all');
  const [only, setOnly] = useState(false);
  const [reason, setReason] = useState('');

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!isHaltKey(event)) return;
      event.preventDefault();
      setOpen(true);
    };
    // Before any part of the page that takes keys for itself.
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, []);

  function close(): void {
    setOpen(false);
    setScope('all');
    setOnly(false);
    setReason('');
  }

  const of = only && subject !== null ? subject : null;
  return (
    <>
      <Button className="halt-button" aria-keyshortcuts="Alt+Shift+H" onPress={() => setOpen(true)}>
        HALT
      </Button>
      {isOpen ? (
        <ConfirmAct<HaltAnswer>
          onClose={close}
          act={{
            title: of === null ? 'Halt everything' : `Halt ${of}`,
            tone: 'halt',
            will: (
              <>
                <p>
                  It stops at once, corrections too. Nobody has to agree, and nothing resumes by itself. Halting twice
                  does no harm.
                </p>
                {subject === null ? null : (
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
              const halted = await call('post /api/v1/halts', { body: { subject: of, scope, reason } });
              // Nothing on any page is as it was.
              void queries.invalidateQueries();
              return halted;
            },
            done: (halted) => <HaltResult halted={halted} />,
          }}
        />
      ) : null}
    </>
  );
}
