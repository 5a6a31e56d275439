import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { UseInfiniteQueryResult, UseQueryResult } from '@tanstack/react-query';
import { call } from './call.ts';
import type { Answer, Input, RouteName } from './routes.ts';
import { useWhere } from './where.ts';
import type { Where } from './where.ts';

interface ReadOptions<Read> {
  readonly enabled?: boolean;
  /** Read anew this often while the page is looked at; asked with what was read last. */
  readonly everyMs?: number | ((last: Read) => number);
}

export function keyOf<Name extends RouteName>(
  name: Name,
  input: Input<Name>,
  where: Where = 'live',
): readonly [Name, Input<Name>, Where] {
  return [name, input, where];
}

/** One answer of the API, read when it is needed and again when something was done. */
export function useRead<Name extends RouteName>(
  name: Name,
  input: Input<Name>,
  { enabled = true, everyMs }: ReadOptions<Answer<Name>> = {},
): UseQueryResult<Answer<Name>> {
  const where = useWhere();
  return useQuery<Answer<Name>>({
    queryKey: keyOf(name, input, where),
    // What is there already is only looked at again.
    queryFn: ({ signal, client, queryKey }) =>
      call(name, input, { signal, where, isBackground: client.getQueryData(queryKey) !== undefined }),
    enabled,
    placeholderData: keepPreviousData,
    ...(everyMs === undefined ? {} : { refetchInterval: ({ state }) => pauseMs(everyMs, state.data) }),
  });
}

function pauseMs<Read>(every: number | ((last: Read) => number), last: Read | undefined): number | false {
  if (typeof every === 'number') return every;
  return last === undefined ? false : every(last);
}

/** A list by its cursors, page after page; nothing is counted and nothing skipped, however long it is. */
export function useReadPages<Name extends RouteName>(
  name: Name,
  input: Input<Name>,
  { enabled = true }: Pick<ReadOptions<never>, 'enabled'> = {},
): UseInfiniteQueryResult<{ readonly pages: readonly Answer<Name>[] }> {
  const where = useWhere();
  return useInfiniteQuery({
    queryKey: [...keyOf(name, input, where), 'pages'],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...('query' in input ? (input.query as object) : {}), after: pageParam ?? undefined };
      return call(name, { ...input, query } as Input<Name>, { signal, where });
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last as { readonly next?: string | null }).next ?? null,
    enabled,
  });
}
