import type { Column, Table } from './catalog.ts';

const accountKeyNames = ['user_id', 'account_id', 'member_id', 'customer_id', 'person_id', 'owner_id'];

/** Names in camel case and snake case are one: `passwordHash`, `password_hash`. */
export function pickColumn(table: Table, names: readonly string[], types: readonly string[]): Column | null {
  const plain = (name: string): string => name.toLowerCase().replaceAll('_', '');
  for (const name of names) {
    const found = table.columns.find((column) => plain(column.name) === plain(name) && types.includes(column.type));
    if (found !== undefined) return found;
  }
  return null;
}

/** The column of `table` that names an account: by its foreign key, or by the usual names. */
export function pickAccountColumn(table: Table, accounts: Table, id: Column): Column | null {
  const refers = table.columns.find(
    ({ references }) =>
      references !== null &&
      references[0] === accounts.schema &&
      references[1] === accounts.name &&
      references[2] === id.name,
  );
  return (
    refers ??
    table.columns.find((column) => accountKeyNames.includes(column.name.toLowerCase()) && column.type === id.type) ??
    null
  );
}
