import { createHash } from 'node:crypto';
import { Failure } from '../domain/shared/failure.ts';

/** A cursor that was cut or mistyped on its way is found broken in 65,535 of 65,536 cases; it guards nothing else. */
const checkDigits = 4;

/**
 * A place in a list, as a text that says nothing to its reader: the last row that was given, so that rows which are added
 * meanwhile neither repeat nor skip any other.
 *
 * @param list which list it is of: the cursor of one is none of another
 */
export function cursorOf(list: string, at: number): string {
  const place = `${list} ${at}`;
  const check = createHash('sha256').update(place).digest('hex').slice(0, checkDigits);
  return Buffer.from(`${place} ${check}`, 'utf8').toString('base64url');
}

/** Null: from the beginning. `Failure('usage')` for what is no cursor of this list. */
export function readCursor(list: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const found = /^(\S+) (0|[1-9][0-9]{0,14}) [0-9a-f]+$/.exec(Buffer.from(text, 'base64url').toString('utf8'));
  if (found?.[1] !== list || cursorOf(list, Number(found[2])) !== text) {
    throw new Failure(
      'usage',
      '"after" in the query is no cursor of this list. Take "next" of its last page, or leave it out to begin anew.',
    );
  }
  return Number(found[2]);
}

/** The page that was asked for and the cursor of the next, of one row more than was asked for. */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  cursor: (last: Row) => string,
): { readonly page: readonly Row[]; readonly next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { page, next: rows.length > limit && last !== undefined ? cursor(last) : null };
}
