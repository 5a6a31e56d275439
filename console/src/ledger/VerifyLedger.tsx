import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { call } from '../api/call.ts';
import type { Answer } from '../api/routes.ts';
import { Card } from '../design/Card.tsx';
import { Facts } from '../design/Facts.tsx';
import { ProblemNote } from '../design/ProblemNote.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { Moment } from '../design/Moment.tsx';
import { counted, number, span } from '../design/words.ts';

type Verdict = Answer<'get /api/v1/ledger/verdict'>;

const tickMs = 1_000;
/** Of many chains the first; the terminal lists all. */
const chainsShown = 200;

/** Every chain against itself, its anchors, the signed checkpoints and the stored outcomes. */
export function VerifyLedger(): ReactNode {
  const stopping = useRef<AbortController | null>(null);
  const verifying = useMutation({
    mutationFn: () => {
      const stop = new AbortController();
      stopping.current = stop;
      return call('get /api/v1/ledger/verdict', {}, { signal: stop.signal });
    },
  });
  return (
    <Card title="Is it whole?" tone={verifying.data?.whole === false ? 'wrong' : 'plain'}>
      <p className="soft">
        Verifies every chain against itself, its anchors, the signed checkpoints, and the outcomes that are stored. It
        changes nothing and takes minutes on a large ledger.
      </p>
      <div className="actions">
        <Button
          className={verifying.isPending ? 'button pending' : 'button'}
          onPress={() => {
            if (!verifying.isPending) verifying.mutate();
          }}
        >
          {verifying.isPending ? 'Verifying …' : 'Verify the ledger'}
        </Button>
        {verifying.isPending ? (
          <Button className="button" onPress={() => stopping.current?.abort()}>
            Stop waiting
          </Button>
        ) : null}
      </div>
      {verifying.isPending ? <Waiting /> : null}
      {verifying.isError ? (
        verifying.error.name === 'AbortError' ? (
          <p role="status">Nobody waits for it any more. Nothing was changed.</p>
        ) : (
          <ProblemNote error={verifying.error} />
        )
      ) : null}
      {verifying.data === undefined ? null : <Found verdict={verifying.data} />}
    </Card>
  );
}

/** The answer comes in one piece; until then the time that it takes is all there is to tell. */
function Waiting(): ReactNode {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), tickMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="import-progress">
      <progress aria-label="The ledger is being verified" />
      <p role="status">Entry by entry, chain by chain. The answer comes in one piece.</p>
      <p className="soft">{span(seconds)} so far</p>
    </div>
  );
}

function Found({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const { whole, chains, checkpoints, rangesChecked, findings } = verdict;
  const entries = chains.reduce((sum, chain) => sum + chain.entries, 0);
  return (
    <>
      <p role="status" className={whole ? 'note' : 'note wrong'}>
        <strong>{whole ? 'The ledger is whole.' : 'The ledger is not whole.'}</strong>{' '}
        {whole ? '' : 'Halt, keep the database as it is, and go by the runbook for a broken ledger.'}
      </p>
      <Facts
        facts={[
          { label: 'Entries', value: `${number(entries)} in ${counted(chains.length, 'chain')}` },
          { label: 'Ranges of outcomes', value: number(rangesChecked) },
          {
            label: 'Signed checkpoints',
            value: (
              <>
                {number(checkpoints.count)}
                {checkpoints.lastAt === null ? null : (
                  <>
                    , the last <Moment at={checkpoints.lastAt} />
                  </>
                )}
              </>
            ),
          },
          ...(checkpoints.lossesAccepted.length === 0
            ? []
            : [{ label: 'Losses accepted', value: checkpoints.lossesAccepted.join('; ') }]),
        ]}
      />
      {whole ? null : (
        <SmallTable
          caption="What was found"
          rows={findings.slice(0, chainsShown)}
          keyOf={({ chain, seq, kind }) => `${chain} ${seq} ${kind}`}
          none="No entry is named."
          columns={[
            { label: 'Chain', cell: ({ chain }) => chain },
            { label: 'Entry', isNumber: true, cell: ({ seq }) => number(seq) },
            { label: 'What', cell: ({ kind, detail }) => `${kind}: ${detail}` },
          ]}
        />
      )}
      <details>
        <summary>Chain by chain</summary>
        <SmallTable
          caption="Chains"
          rows={chains.slice(0, chainsShown)}
          keyOf={({ chain }) => chain}
          none="There are none."
          columns={[
            { label: 'Chain', cell: ({ chain }) => chain },
            { label: 'Entries', isNumber: true, cell: ({ entries: count }) => number(count) },
            { label: 'Hash of the last', cell: ({ hash }) => <span className="mono">{hash}</span> },
          ]}
        />
      </details>
    </>
  );
}
