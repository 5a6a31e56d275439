import type { ReactNode } from 'react';
import { useReadPages } from '../api/read.ts';
import type { Answer } from '../api/routes.ts';
import { LongTable } from '../design/LongTable.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { number, percent, spaced } from '../design/words.ts';

type Worth = Answer<'get /api/v1/sources'>['sources'][number];

/** Where evidence comes from, with how right each source was so far. */
export function SourcesCard(): ReactNode {
  const pages = useReadPages('get /api/v1/sources', {});
  const sources = pages.data?.pages.flatMap((page) => page.sources) ?? [];
  return (
    <>
      {pages.isError ? <ProblemNote error={pages.error} onAgain={() => void pages.refetch()} /> : null}
      <LongTable
        caption="Sources, and how right each was"
        rows={sources}
        keyOf={({ source }) => String(source.sourceNo)}
        none="No source was named yet: the first import names one."
        columns={[
          { label: 'Source', cell: ({ source }) => source.name },
          { label: 'Authority', cell: ({ source }) => (source.authority === 'own' ? 'our own' : 'outside') },
          { label: 'Batches', isNumber: true, cell: ({ batches }) => number(batches) },
          {
            label: 'Verified of tried',
            isNumber: true,
            cell: ({ verifiedShare }) => (verifiedShare === null ? '–' : percent(verifiedShare)),
          },
          { label: 'Taken back', cell: (worth) => takenBack(worth) },
          { label: 'Judged in reviews', cell: (worth) => judgedWords(worth) },
        ]}
        hasMore={pages.hasNextPage}
        isReadingMore={pages.isFetching}
        onMore={() => void pages.fetchNextPage()}
      />
    </>
  );
}

function takenBack({ strong: { live, withdrawn }, causes }: Worth): string {
  const all = live + withdrawn;
  if (all === 0) return 'nothing of it may act';
  if (withdrawn === 0) return `none of ${number(all)}`;
  return `${percent(withdrawn / all)}: ${number(withdrawn)} of ${number(all)}, ${causes.map(spaced).join(' and ')}`;
}

function judgedWords({ judged: { right, wrong, cannotTell }, wrongAtMost }: Worth): string {
  if (wrongAtMost === null) return cannotTell === 0 ? 'nobody judged any' : `${number(cannotTell)} unclear`;
  const unclear = cannotTell === 0 ? '' : `, ${number(cannotTell)} unclear`;
  return `${number(right)} right, ${number(wrong)} wrong${unclear}: at most ${percent(wrongAtMost)} wrong`;
}
