import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { HaltDialog } from './HaltDialog.tsx';
import type { HaltTarget } from './halting.ts';

/** By its place on the keyboard, so that it is the same key in every layout. */
function isHaltKey(event: KeyboardEvent): boolean {
  return event.altKey && event.shiftKey && event.code === 'KeyH';
}

interface Props {
  /** What is on the screen; null where it has nothing to do with a halt. */
  readonly target: HaltTarget | null;
}

/** On every screen, first in the order of the keyboard, and Alt+Shift+H from anywhere. It halts what is real. */
export function HaltControl({ target }: Props): ReactNode {
  const [isOpen, setOpen] = useState(false);

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

  return (
    <>
      <Button className="halt-button" aria-keyshortcuts="Alt+Shift+H" onPress={() => setOpen(true)}>
        HALT
      </Button>
      {isOpen ? (
        <HaltDialog
          subject={target?.kind === 'rollout' ? target.subject : null}
          isBesideDrill={target?.kind === 'drill'}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}
