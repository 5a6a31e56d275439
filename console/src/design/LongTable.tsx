import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useRef } from 'react';
import type { CSSProperties, ReactNode } from 'react';
import { number } from './words.ts';
import type { Column } from './SmallTable.tsx';

/** Of a row before it was measured. */
const guessedRowPx = 48;
/** Rows kept beyond the edge, so that a key press shows no gap. */
const overscanRows = 8;
/** The next page is asked for this many rows before the end. */
const askAheadRows = 20;

interface Props<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly none: string;
  readonly hasMore: boolean;
  readonly isReadingMore: boolean;
  readonly onMore: () => void;
}

/** A table of any length: pages come by cursor as it is scrolled, and only the rows in sight are in the document. */
export function LongTable<Row>(props: Props<Row>): ReactNode {
  const { caption, columns, rows, keyOf, none, hasMore, isReadingMore, onMore } = props;
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- nothing of it is memoized here
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => guessedRowPx,
    overscan: overscanRows,
    getItemKey: (at) => {
      const row = rows[at];
      return row === undefined ? at : keyOf(row);
    },
  });
  const widths = {
    '--columns': columns.map(({ isWide }) => (isWide === true ? 'minmax(0, 3fr)' : 'minmax(0, 1fr)')).join(' '),
  } as CSSProperties;
  const inSight = virtual.getVirtualItems();
  const last = inSight.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isReadingMore && last >= rows.length - askAheadRows) onMore();
  }, [last, rows.length, hasMore, isReadingMore, onMore]);

  if (rows.length === 0 && !hasMore) return <p className="soft">{none}</p>;
  return (
    <div className="long">
      <p id={id} className="caption">
        {caption}{' '}
        <span className="soft">
          {number(rows.length)} read{hasMore ? ', more below' : ''}
        </span>
      </p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard */}
      <div className="long-frame" ref={frame} tabIndex={0} role="region" aria-labelledby={id}>
        <div
          role="table"
          aria-labelledby={id}
          aria-rowcount={hasMore ? -1 : rows.length + 1}
          className="long-table"
          style={widths}
        >
          <div role="rowgroup" className="long-head">
            <div role="row" aria-rowindex={1} className="long-row">
              {columns.map(({ label, isNumber }) => (
                <div key={label} role="columnheader" className={isNumber === true ? 'number' : ''}>
                  {label}
                </div>
              ))}
            </div>
          </div>
          <div role="rowgroup" className="long-body" style={{ blockSize: virtual.getTotalSize() }}>
            {inSight.map((item) => {
              const row = rows[item.index];
              return row === undefined ? null : (
                <div
                  key={item.key}
                  role="row"
                  aria-rowindex={item.index + 2}
                  data-index={item.index}
                  ref={virtual.measureElement}
                  className="long-row"
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  {columns.map(({ label, cell, isNumber }, at) => (
                    <div
                      key={label}
                      role={at === 0 ? 'rowheader' : 'cell'}
                      className={isNumber === true ? 'number' : ''}
                    >
                      <span className="long-label" aria-hidden="true">
                        {label}
                      </span>
                      {cell(row)}
                    </div>
                  ))}
                </div>
              );
            })}
          </div>
        </div>
      </div>
      {isReadingMore ? (
        <p className="soft" role="status">
          Reading more …
        </p>
      ) : null}
    </div>
  );
}
