import type { Context } from 'hono';

/** A field of a posted form as text, empty where it is not there; a body that is no form has none. Cut at `longest`. */
export async function readFields<Name extends string>(
  c: Context,
  names: readonly Name[],
  longest: number,
): Promise<Readonly<Record<Name, string>>> {
  const body: Record<string, unknown> = await c.req.parseBody().catch(() => ({}));
  const fields = names.map((name) => {
    const value = body[name];
    return [name, typeof value === 'string' ? value.slice(0, longest) : ''] as const;
  });
  return Object.fromEntries(fields) as Record<Name, string>;
}
