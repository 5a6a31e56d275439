import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { counted, number } from '../design/words.ts';
import { collectEntries, exportedAtMost } from './collect-entries.ts';
import type { LedgerFilter } from './ledger-filter.ts';
import { saveFile } from './save-file.ts';

/** A download of what the filter finds, made in the browser by following the cursors. */
export function ExportEntries({ filter }: { readonly filter: LedgerFilter }): ReactNode {
  const [read, setRead] = useState(0);
  const stopping = useRef<AbortController | null>(null);
  const exporting = useMutation({
    mutationFn: async () => {
      const stop = new AbortController();
      stopping.current = stop;
      setRead(0);
      const found = await collectEntries(filter, setRead, stop.signal);
      saveFile(`ledger-${filter.of}${filter.event === undefined ? '' : `-${filter.event}`}.ndjson`, found.parts);
      return found;
    },
  });
  return (
    <>
      <div className="actions">
        <Button
          className={exporting.isPending ? 'button pending' : 'button'}
          onPress={() => {
            if (!exporting.isPending) exporting.mutate();
          }}
        >
          {exporting.isPending ? 'Exporting …' : 'Export as NDJSON'}
        </Button>
        {exporting.isPending ? (
          <Button className="button" onPress={() => stopping.current?.abort()}>
            Stop
          </Button>
        ) : null}
      </div>
      <p className="soft">
        One entry a line, newest first, at most {number(exportedAtMost)}. More, page by page, in the terminal:{' '}
        <code>allclear ledger list {filter.of} --json --after CURSOR</code>
      </p>
      {exporting.isPending ? <p role="status">{counted(read, 'entry', 'entries')} so far.</p> : null}
      {exporting.isError ? (
        exporting.error.name === 'AbortError' ? (
          <p role="status">Stopped. No file was made.</p>
        ) : (
          <ProblemNote error={exporting.error} />
        )
      ) : null}
      {exporting.data === undefined ? null : (
        <p role="status">
          <strong>{counted(exporting.data.count, 'entry', 'entries')} saved.</strong>{' '}
          {exporting.data.isWhole ? 'That is all of them.' : 'There are older ones: this is as much as one file takes.'}
        </p>
      )}
    </>
  );
}
