import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { callStream } from '../api/stream.ts';
import { Card } from '../design/Card.tsx';
import { Choice } from '../design/Choice.tsx';
import { Field } from '../design/Field.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { Page } from '../shell/Page.tsx';
import { ChooseList } from './ChooseList.tsx';
import { Imported } from './Imported.tsx';
import { progressWords, shareRead } from './import-words.ts';
import type { ImportOutcome, ImportProgress } from './import-words.ts';
import { ListFormat } from './ListFormat.tsx';
import type { ListClass } from './look-at-list.ts';

const classes: readonly (readonly [ListClass, string, string])[] = [
  ['credentials', 'Credentials', 'Addresses and passwords that others have.'],
  ['observed', 'Observed', 'Events of the service’s own logs.'],
  ['reported', 'Reported', 'Accounts that a named person names.'],
];
const authorities = [
  ['outside', 'Outside', 'A leak elsewhere.'],
  ['own', 'Our own', 'Our logs, our people, or our own leak.'],
] as const;

/** Its format is shown before anything is sent; then it is read with its progress told. Nobody is acted on. */
export function ImportPage(): ReactNode {
  const queries = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [source, setSource] = useState('');
  const [chosen, setChosen] = useState<ListClass>('credentials');
  const [authority, setAuthority] = useState<'outside' | 'own'>('outside');
  const [reportedBy, setReportedBy] = useState('');
  const [progress, setProgress] = useState<ImportProgress | null>(null);
  const stopping = useRef<AbortController | null>(null);
  // Two presses in one moment both come before the page has drawn that the first one works.
  const isBegun = useRef(false);
  const importing = useMutation({
    mutationFn: (list: File) => {
      const stop = new AbortController();
      stopping.current = stop;
      setProgress(null);
      const query = {
        source: source.trim(),
        authority,
        class: chosen,
        fileName: list.name,
        ...(chosen === 'reported' ? { reportedBy: reportedBy.trim() } : {}),
      };
      return callStream<'post /api/v1/evidence', ImportProgress, ImportOutcome>(
        'post /api/v1/evidence',
        { query },
        setProgress,
        { upload: list, signal: stop.signal },
      );
    },
    onSettled: () => {
      isBegun.current = false;
      return queries.invalidateQueries();
    },
  });
  const isReady =
    file !== null &&
    source.trim() !== '' &&
    (chosen !== 'reported' || reportedBy.trim() !== '') &&
    !importing.isPending;
  const share = file === null ? null : shareRead(progress, file.size);
  return (
    <Page title="Import a list" lead="It is read and graded. Nobody is acted on, and no password of it is kept.">
      <Card title="The list">
        <ChooseList
          file={importing.isSuccess ? null : file}
          isBusy={importing.isPending}
          onChoose={(list) => {
            importing.reset();
            setFile(list);
          }}
        />
        {importing.isSuccess ? (
          <Imported
            outcome={importing.data}
            onAnother={() => {
              importing.reset();
              setFile(null);
            }}
          />
        ) : (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (!isReady || isBegun.current) return;
              isBegun.current = true;
              importing.mutate(file);
            }}
          >
            <Choice
              label="What its lines are"
              value={chosen}
              onChange={(value) => {
                setChosen(value as ListClass);
                setAuthority(value === 'credentials' ? 'outside' : 'own');
              }}
              options={classes}
            />
            {file !== null && importing.isIdle ? <ListFormat file={file} chosen={chosen} /> : null}
            <Field
              label="Source"
              hint="Where it comes from. Named for the first time, it is made, with its authority for good."
              value={source}
              onChange={setSource}
              maxLength={200}
            />
            <Choice
              label="Authority"
              value={authority}
              onChange={(value) => setAuthority(value as typeof authority)}
              options={authorities}
            />
            {chosen === 'reported' ? (
              <Field
                label="Reported by"
                hint="The person who names these accounts."
                value={reportedBy}
                onChange={setReportedBy}
                maxLength={200}
              />
            ) : null}
            <div className="actions">
              <Button type="submit" className="button act" isDisabled={!isReady}>
                {importing.isPending ? 'Importing …' : 'Import'}
              </Button>
              {importing.isPending ? (
                <Button className="button" onPress={() => stopping.current?.abort()}>
                  Stop
                </Button>
              ) : null}
            </div>
          </form>
        )}
        {importing.isPending ? (
          <div className="import-progress">
            <progress aria-label="How far the list is read" max={1} {...(share === null ? {} : { value: share })} />
            <p role="status">{progress === null ? 'Sending …' : progressWords(progress)}</p>
          </div>
        ) : null}
        {importing.isError ? (
          importing.error.name === 'AbortError' ? (
            <p className="note waits" role="status">
              Stopped. What was read so far stays; the same file goes on after it.
            </p>
          ) : (
            <ProblemNote error={importing.error} />
          )
        ) : null}
      </Card>
    </Page>
  );
}
