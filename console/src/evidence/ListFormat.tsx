import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { number } from '../design/words.ts';
import { lookAtList } from './look-at-list.ts';
import type { ListClass } from './look-at-list.ts';

export const expectations: Readonly<Record<ListClass, string>> = {
  credentials:
    'An address and a password on each line, as leaked lists have them: address:password, or columns under a header.',
  observed: 'account_id,event_id,time,rule on each line, in that order or in the order of a header.',
  reported: 'account_id,reason on each line: what a named person says of each account.',
};

interface Props {
  readonly file: File;
  readonly chosen: ListClass;
}

/** What the list looks like, before anything of it is sent. */
export function ListFormat({ file, chosen }: Props): ReactNode {
  const looking = useQuery({
    queryKey: ['a list on this machine', file.name, file.size, file.lastModified],
    queryFn: () => lookAtList(file),
    staleTime: Infinity,
  });
  if (looking.isError) return <ProblemNote error={looking.error} />;
  if (looking.data === undefined) return <p className="loading">Looking at it …</p>;
  const { lines, shapes, seems } = looking.data;
  return (
    <div className="effect" role="status">
      <p>
        <strong>{file.name}</strong>, {number(file.size)} bytes. Nothing of it has left this browser.
      </p>
      <SmallTable
        caption={`What its first ${number(lines)} lines look like`}
        rows={shapes}
        keyOf={([shape]) => shape}
        none="It is empty."
        columns={[
          { label: 'A line holds', cell: ([shape]) => shape },
          { label: 'Lines', isNumber: true, cell: ([, count]) => number(count) },
        ]}
      />
      <p>
        Read as <strong>{chosen}</strong>: {expectations[chosen]}
      </p>
      {seems === null || seems === chosen ? null : (
        <p className="note waits">
          <strong>It looks like {seems}.</strong> Imported as {chosen}, most of its lines would be refused.
        </p>
      )}
      <p className="soft">A guess. The server reads every byte strictly and counts by reason what it refuses.</p>
    </div>
  );
}
