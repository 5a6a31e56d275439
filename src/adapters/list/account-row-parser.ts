import type { AccountRow } from '../../app/ports/list-reader.ts';
import type { RefusalReason } from '../../domain/evidence/refusal.ts';
import { accountId } from '../../domain/shared/ids.ts';
import { parseCsvFields } from './parse-csv-fields.ts';
import { parseInstant } from './parse-instant.ts';

/** Ids are indexed, and Postgres refuses index rows past 2,704 bytes. */
const maxIdBytes = 1_024;
const maxTextCharacters = 2_000;

const observedColumns = ['account_id', 'event_id', 'time', 'rule'] as const;
const reportedColumns = ['account_id', 'reason'] as const;

type Row = Omit<AccountRow, 'line'>;
export type AccountRowParser = (line: string) => Row | RefusalReason;

/** `account_id,event_id,time,rule`, in that order or in the order of a header. The id is the directory's own, byte for byte. */
export function makeObservedParser(): AccountRowParser {
  return makeParser(observedColumns, ({ account_id: id, event_id: eventId, time, rule }) => {
    if (eventId === '') return 'no-event-id';
    if (rule === '') return 'no-rule';
    if (Buffer.byteLength(eventId) > maxIdBytes || rule.length > maxTextCharacters) return 'field-too-long';
    const eventAt = parseInstant(time);
    if (eventAt === null) return 'unreadable-time';
    return { accountId: accountId(id), eventId, eventAt, rule, reason: null };
  });
}

/** `account_id,reason`: each account with the words of the person who reports it. */
export function makeReportedParser(): AccountRowParser {
  return makeParser(reportedColumns, ({ account_id: id, reason }) => {
    if (reason === '') return 'no-reason';
    if (reason.length > maxTextCharacters) return 'field-too-long';
    return { accountId: accountId(id), eventId: '', eventAt: null, rule: null, reason };
  });
}

function makeParser<Column extends string>(
  columns: readonly Column[],
  read: (fields: Readonly<Record<Column | 'account_id', string>>) => Row | RefusalReason,
): AccountRowParser {
  let order: readonly string[] = columns;
  let isFirst = true;
  return (line) => {
    if (line.trim() === '') return 'blank';
    const fields = parseCsvFields(line);
    if (fields === null) return 'broken-quotes';
    if (isFirst) {
      isFirst = false;
      const names = fields.map((field) => field.trim().toLowerCase());
      if (columns.every((column) => names.includes(column))) {
        order = names;
        return 'header';
      }
    }
    if (fields.length !== order.length) return 'wrong-columns';
    const named = Object.fromEntries(order.map((name, at) => [name, fields[at] as string])) as Readonly<
      Record<Column | 'account_id', string>
    >;
    if (named.account_id === '') return 'no-account';
    if (Buffer.byteLength(named.account_id) > maxIdBytes) return 'field-too-long';
    return read(named);
  };
}
