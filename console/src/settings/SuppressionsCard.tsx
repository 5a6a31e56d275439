import type { ReactNode } from 'react';
import { call } from '../api/call.ts';
import { useRead } from '../api/read.ts';
import { Card } from '../design/Card.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { LongTable } from '../design/LongTable.tsx';
import { Moment } from '../design/Moment.tsx';
import { number, spaced } from '../design/words.ts';
import { useMay } from '../session/use-session.ts';
import { EndIt } from './EndIt.tsx';

/** As many as the server gives at once. */
const shownAtMost = 1_000;

export function SuppressionsCard(): ReactNode {
  const may = useMay();
  const read = useRead('get /api/v1/suppressions', { query: { limit: shownAtMost } });
  return (
    <Card title="Addresses that take no mail">
      <Loaded query={read} what="the addresses">
        {({ total, suppressions }) => (
          <>
            <p className="soft">
              {number(total)} in all. No address is kept: only the notice that failed at it. A correction is tried all
              the same.
            </p>
            <LongTable
              caption="The newest"
              rows={suppressions}
              keyOf={({ noticeNumber }) => noticeNumber}
              none="There are none."
              columns={[
                { label: 'Notice', cell: ({ noticeNumber }) => <span className="mono">{noticeNumber}</span> },
                {
                  label: 'Because',
                  cell: ({ reason, status }) => `${spaced(reason)}${status === null ? '' : ` (${status})`}`,
                },
                { label: 'Since', cell: ({ suppressedAt }) => <Moment at={suppressedAt} short /> },
                {
                  label: 'Let go again',
                  cell: ({ noticeNumber }) =>
                    may('suppression.remove') ? (
                      <EndIt
                        label={`Let mail go again for ${noticeNumber}`}
                        will={<p>Ordinary notices go to that address again. If it fails once more, it is back here.</p>}
                        actLabel="Let it go"
                        run={() => call('post /api/v1/suppressions/removals', { body: { notice: noticeNumber } })}
                      />
                    ) : (
                      '–'
                    ),
                },
              ]}
              hasMore={false}
              isReadingMore={false}
              onMore={() => undefined}
            />
          </>
        )}
      </Loaded>
    </Card>
  );
}
