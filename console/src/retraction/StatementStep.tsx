import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { useRead } from '../api/read.ts';
import type { Answer } from '../api/routes.ts';
import { Figures } from '../design/Figures.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Moment } from '../design/Moment.tsx';
import { SmallTable } from '../design/SmallTable.tsx';
import { number, span } from '../design/words.ts';
import { inOrder } from './in-order.ts';
import { StepCard } from './StepCard.tsx';

type Statement = Answer<'get /api/v1/plans/{plan}/statement'>;

const countWords: readonly (readonly [keyof Statement['counts'], string])[] = [
  ['toldAccepted', 'Told'],
  ['toldUnknown', 'Perhaps told'],
  ['contained', 'Contained'],
  ['holding', 'Heard that we are checking'],
  ['restored', 'Passwords given back'],
  ['granted', 'Appeals granted'],
  ['kept', 'Kept'],
  ['needsPerson', 'Need a person'],
  ['corrected', 'Corrected'],
  ['correctedUnknown', 'Perhaps corrected'],
];

/** What is said otherwise where accounts were suspended. */
const suspensionWords: Readonly<Partial<Record<keyof Statement['counts'], string>>> = { restored: 'Let back in' };

const timeWords: readonly (readonly [keyof Statement['times'], string])[] = [
  ['started', 'Started'],
  ['firstDispute', 'Detected: the first reader said that it is not right'],
  ['halted', 'Halted'],
  ['holdingSent', 'Said that we are checking'],
  ['withdrawn', 'Evidence withdrawn'],
  ['corrected', 'Corrected'],
];

/** Each writing verifies what it counts, so it is not asked for more often than this. */
const movingMs = 15_000;

interface Props {
  readonly plan: string;
  /** Passwords or letters are under way. */
  readonly isMoving: boolean;
}

/** What anyone may read about it, from the ledger alone: nobody writes these numbers by hand. */
export function StatementStep({ plan, isMoving }: Props): ReactNode {
  const read = useRead(
    'get /api/v1/plans/{plan}/statement',
    { params: { plan: plan } },
    isMoving ? { everyMs: movingMs } : {},
  );
  const wasMoving = useRef(isMoving);
  const { refetch } = read;
  useEffect(() => {
    // The last number is the one that counts.
    if (wasMoving.current && !isMoving) void refetch();
    wasMoving.current = isMoving;
  }, [isMoving, refetch]);
  return (
    <StepCard no={7} title="What anyone may read about it" standing={null}>
      <Loaded query={read} what="the statement">
        {(statement) => (
          <>
            <Timeline times={statement.times} />
            <Figures
              figures={countWords.map(([key, label]) => {
                const { value } = statement.counts[key];
                const own = statement.action === 'suspend' ? suspensionWords[key] : undefined;
                return { label: own ?? label, value: value === null ? '–' : number(value) };
              })}
            />
            <p className="soft">
              As of <Moment at={statement.readAt} />. A dash means: not yet known.
            </p>
            <p>
              <a href={`/statement/${plan}`} target="_blank" rel="noreferrer">
                The public page
              </a>{' '}
              <span className="soft">
                is there once it was halted by a person or a gate, or people were written to.
              </span>
            </p>
            <details>
              <summary>Its words</summary>
              <div className="mail mail-text">{statement.text}</div>
            </details>
            <details>
              <summary>Where each number comes from</summary>
              <SmallTable
                caption="Sources"
                rows={countWords}
                keyOf={([key]) => key}
                none=""
                columns={[
                  { label: 'Number', cell: ([, label]) => label },
                  { label: 'From', cell: ([key]) => statement.counts[key].source },
                ]}
              />
            </details>
          </>
        )}
      </Loaded>
    </StepCard>
  );
}

function Timeline({ times }: { readonly times: Statement['times'] }): ReactNode {
  const beganAt = times.started.value;
  return (
    <ol className="timeline" aria-label="Timeline">
      {inOrder(timeWords, (key) => times[key].value).map(([key, words]) => {
        const at = times[key].value;
        return (
          <li key={key} className={at === null ? 'open' : 'done'}>
            <span>{words}</span>
            <span className="soft">
              {at === null ? (
                'not yet known'
              ) : (
                <>
                  <Moment at={at} />
                  {key === 'started' || beganAt === null
                    ? ''
                    : `: ${span((Date.parse(at) - Date.parse(beganAt)) / 1_000)} after the start`}
                </>
              )}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
