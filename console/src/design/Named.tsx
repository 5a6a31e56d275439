import type { ReactNode } from 'react';
import { useRead } from '../api/read.ts';
import { useMay } from '../session/use-session.ts';
import { nameOperators } from './name-operators.ts';

/** More people than decide anywhere; somebody beyond them is shown by id. */
const namesRead = 200;

/** A text that may name operators by id, with the name of each; by id alone for a role that does not read people. */
export function Named({ children }: { readonly children: string }): ReactNode {
  const may = useMay();
  const read = useRead('get /api/v1/operators', { query: { limit: namesRead } }, { enabled: may('operator.read') });
  const people = read.data?.operators ?? [];
  return nameOperators(children, new Map(people.map(({ operatorId, name }) => [operatorId, name])));
}
