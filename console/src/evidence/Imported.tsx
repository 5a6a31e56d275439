import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { number } from '../design/words.ts';
import { useMay } from '../session/use-session.ts';
import type { ImportOutcome } from './import-words.ts';

interface Props {
  readonly outcome: ImportOutcome;
  readonly onAnother: () => void;
}

/** In place of what began it, so that nothing is left to be pressed again; the ways on from here. */
export function Imported({ outcome, onAnother }: Props): ReactNode {
  const { kind, batch, resumedAfterLine = 0 } = outcome;
  const may = useMay();
  const place = useRef<HTMLDivElement>(null);
  // The button that had the focus is gone.
  useEffect(() => place.current?.focus(), []);
  return (
    <div ref={place} tabIndex={-1} className="note" role="status">
      <p>
        <strong>{kind === 'already-imported' ? 'This very list was imported before.' : 'Imported.'}</strong>{' '}
        {kind === 'already-imported' ? 'Nothing was read a second time. ' : ''}
        {resumedAfterLine > 0 ? `It went on after line ${number(resumedAfterLine)}. ` : ''}Nobody was acted on.
      </p>
      <p>
        <Link to="/evidence/$batch" params={{ batch: batch }}>
          {batch}: grades, and refused lines by reason
        </Link>
      </p>
      <div className="actions">
        {may('plan.draft') ? (
          <Link to="/plans/new" search={{ evidence: batch }} className="button">
            Draw up a plan on it
          </Link>
        ) : null}
        <Button className="button" onPress={onAnother}>
          Import another list
        </Button>
      </div>
    </div>
  );
}
