import { useMutation } from '@tanstack/react-query';
import { use, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { Field } from '../design/Field.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { HoldContext } from './hold.ts';

interface Typed {
  readonly label: string;
  readonly hint: string;
  /** What has to be typed, byte for byte; digits may be grouped. */
  readonly expected: string;
  readonly isNumber?: boolean;
}

export interface Act<Result> {
  readonly title: string;
  /** What happens, to whom, and whether there is a way back. */
  readonly will: ReactNode;
  /** Typed before it can be done: the total, the directory's name. */
  readonly typed?: readonly Typed[];
  /** Whether what `will` asks for is given, and what it takes is there; true where it asks for nothing. */
  readonly isReady?: boolean;
  readonly actLabel: string;
  /** While it is under way. */
  readonly actingLabel?: string;
  readonly tone?: 'act' | 'halt';
  readonly run: () => Promise<Result>;
  /** What came of it. Null: the dialog closes, and the page shows it. */
  readonly done: ((result: Result) => ReactNode) | null;
}

interface Props<Result> {
  readonly act: Act<Result>;
  readonly onClose: () => void;
}

/**
 * The one way to do what cannot simply be undone: it says what will happen, asks for what has to be typed, does it once,
 * and says what came of it. Everything destructive goes through here, HALT too.
 */
export function ConfirmAct<Result>({ act, onClose }: Props<Result>): ReactNode {
  const { title, will, typed = [], isReady = true, actLabel, actingLabel, tone = 'act', run, done } = act;
  const [values, setValues] = useState<readonly string[]>(typed.map(() => ''));
  const hold = use(HoldContext);
  useEffect(() => {
    hold(true);
    return () => hold(false);
  }, [hold]);
  const doing = useMutation({
    mutationFn: run,
    onSuccess: () => {
      if (done === null) onClose();
    },
  });
  const matches =
    isReady && typed.every(({ expected, isNumber }, at) => isTyped(values[at] ?? '', expected, isNumber === true));
  const isOver = doing.isSuccess && done !== null;
  return (
    <ModalOverlay
      isOpen
      className="overlay"
      isDismissable={!doing.isPending}
      isKeyboardDismissDisabled={doing.isPending}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Modal className={`modal ${tone}`}>
        <Dialog role={isOver ? 'dialog' : 'alertdialog'}>
          <Heading slot="title">{title}</Heading>
          {isOver ? (
            <>
              <div role="status">{done(doing.data)}</div>
              <div className="actions">
                {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the button that had the focus is gone */}
                <Button className="button" autoFocus onPress={onClose}>
                  Close
                </Button>
              </div>
            </>
          ) : (
            <form
              onSubmit={(event) => {
                event.preventDefault();
                if (matches && !doing.isPending) doing.mutate();
              }}
            >
              <div className="will">{will}</div>
              {typed.map(({ label, hint, isNumber, expected }, at) => {
                const value = values[at] ?? '';
                const differs = value !== '' && !isTyped(value, expected, isNumber === true);
                return (
                  <Field
                    key={label}
                    label={label}
                    hint={hint}
                    value={value}
                    onChange={(text) => setValues(values.with(at, text))}
                    problem={differs ? 'Not the same yet.' : null}
                    isNumber={isNumber === true}
                  />
                );
              })}
              {doing.isError ? <ProblemNote error={doing.error} /> : null}
              <div className="actions">
                <Button
                  type="submit"
                  className={doing.isPending ? `button ${tone} pending` : `button ${tone}`}
                  // oxlint-disable-next-line jsx-a11y/no-autofocus -- a dialog begins with its act: HALT, then Enter
                  autoFocus={typed.length === 0}
                  isDisabled={!matches}
                >
                  {doing.isPending ? (actingLabel ?? 'Working …') : actLabel}
                </Button>
                <Button className="button" isDisabled={doing.isPending} onPress={onClose}>
                  Leave it
                </Button>
              </div>
            </form>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function isTyped(value: string, expected: string, isNumber: boolean): boolean {
  return (isNumber ? value.replaceAll(/[\s,.]/g, '') : value.trim()) === expected;
}
