import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useRead } from '../api/read.ts';
import { Card } from '../design/Card.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Moment } from '../design/Moment.tsx';
import { Tag } from '../design/Tag.tsx';
import { useMay } from '../session/use-session.ts';
import { Page } from '../shell/Page.tsx';
import { BatchReport } from './BatchReport.tsx';
import { batchTones } from './batch-tones.ts';
import { WithdrawEvidence } from './WithdrawEvidence.tsx';
import { Named } from '../design/Named.tsx';

/** While a list is being read its counts move. */
const lookEveryMs = 3_000;

export function BatchPage(): ReactNode {
  const { batch } = useParams({ from: '/evidence/$batch' });
  const may = useMay();
  const input = { params: { batch: batch } };
  const read = useRead('get /api/v1/evidence/{batch}', input);
  const isImporting = read.data?.batch.state === 'importing';
  useRead('get /api/v1/evidence/{batch}', input, { enabled: isImporting, everyMs: lookEveryMs });
  return (
    <Page
      title={batch}
      lead={
        read.data === undefined ? undefined : (
          <>
            <Tag tone={batchTones[read.data.batch.state]}>{read.data.batch.state}</Tag> A list of{' '}
            {read.data.batch.class} from {read.data.batch.source.name}, imported by{' '}
            <Named>{read.data.batch.importedBy}</Named>, <Moment at={read.data.batch.begunAt} />.
          </>
        )
      }
    >
      <Loaded query={read} what="the batch">
        {(report) => (
          <>
            <BatchReport report={report} />
            {may('evidence.withdraw') ? (
              <Card title="Withdraw">
                <p>Its effect is shown first. Nothing is deleted, and no account changes by it.</p>
                <WithdrawEvidence key={batch} batch={batch} />
              </Card>
            ) : null}
          </>
        )}
      </Loaded>
    </Page>
  );
}
