/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role -- stacked rows are blocks, and only the roles say that it is a table */
import { useId } from 'react';
import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly label: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand at the end of their column, digit below digit. */
  readonly isNumber?: boolean;
  /** Sentences: in a `LongTable` it gets as much room as three others. */
  readonly isWide?: boolean;
}

interface Props<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Said in place of a table without a row. */
  readonly none: string;
}

/**
 * A table that is read whole: some dozens of rows at most. For more, `LongTable`. On a phone its rows are stacked; the
 * roles say that it is a table all the same.
 */
export function SmallTable<Row>({ caption, columns, rows, keyOf, none }: Props<Row>): ReactNode {
  const id = useId();
  if (rows.length === 0) return <p className="soft">{none}</p>;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to be reachable by keyboard
    <div className="scroll" role="group" aria-labelledby={id} tabIndex={0}>
      <table role="table" className={columns.length > 2 ? 'stacks' : ''}>
        <caption id={id}>{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ label, isNumber }) => (
              <th role="columnheader" key={label} scope="col" className={isNumber === true ? 'number' : ''}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr role="row" key={keyOf(row)}>
              {columns.map(({ label, cell, isNumber }, at) =>
                at === 0 ? (
                  <th role="rowheader" key={label} scope="row">
                    {cell(row)}
                  </th>
                ) : (
                  <td role="cell" key={label} className={isNumber === true ? 'number' : ''} data-label={label}>
                    <div>{cell(row)}</div>
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
