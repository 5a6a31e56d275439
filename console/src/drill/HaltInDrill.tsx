import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { number } from '../design/words.ts';
import { HaltDialog } from '../shell/HaltDialog.tsx';
import { InTerminal } from './InTerminal.tsx';

interface Props {
  readonly plan: string;
  readonly told: number;
}

/** The same dialog as in earnest, under a button of its own: the one at the top never means a drill. */
export function HaltInDrill({ plan, told }: Props): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <p role="status">
        <strong>{number(told)} made-up people have been told</strong> something that is wrong about nearly all of them.
        Whoever would halt halts it now, before everybody has been told.
      </p>
      <div className="actions">
        <Button className="button halt" onPress={() => setOpen(true)}>
          HALT the drill …
        </Button>
      </div>
      <p className="soft">The HALT at the top of this page halts what is real, and nothing of the drill.</p>
      {isOpen ? <HaltDialog subject={plan} onClose={() => setOpen(false)} /> : null}
      <InTerminal command={`allclear halt ${plan} --reason "drill" --drill --as NAME`} />
    </>
  );
}
