import { parseBody } from '../../domain/ledger/ledger-row.ts';
import type { Store } from '../ports/store.ts';

/** Changes that are looked through; each start of a server with other settings is one. */
const changesRead = 200;

export interface PolicyChange {
  /** When a server first ran with the value that is in force. */
  readonly at: Date;
  readonly before: string;
  /** The account of the server's machine under which that server was started; null where it was not noted. */
  readonly account: string | null;
}

export interface PolicySetting {
  readonly name: string;
  readonly value: string;
  /** Null where it is as it was at the first start, or was changed longer ago than is looked. */
  readonly change: PolicyChange | null;
}

/** The settings that decide who is reached, by whom and how fast: as the server that runs now has them, each with its last change. */
export async function showPolicy({ store }: { readonly store: Store }): Promise<readonly PolicySetting[]> {
  return store.transact(async (tx) => {
    const facts = (await tx.deployment.policyInForce()) ?? {};
    const rows = await tx.ledger.newestRows('installation', {
      event: 'policy.changed',
      beforeSeq: null,
      limit: changesRead,
    });
    const entries = rows.map(({ at, body }) => ({ at: new Date(at), body: parseBody(body) ?? {} }));
    return Object.entries(facts).map(([name, value]): PolicySetting => ({
      name,
      value,
      change: changeOf(entries, name, value),
    }));
  });
}

/** The newest entry about it: `name: before -> value`. */
function changeOf(
  entries: readonly { readonly at: Date; readonly body: Readonly<Record<string, unknown>> }[],
  name: string,
  value: string,
): PolicyChange | null {
  const head = `${name}: `;
  const tail = ` -> ${value}`;
  for (const { at, body } of entries) {
    const { changes, account } = body;
    const line = Array.isArray(changes) ? changes.map(String).find((one) => one.startsWith(head)) : undefined;
    if (line === undefined) continue;
    const before = line.endsWith(tail) ? line.slice(head.length, -tail.length) : line.slice(head.length);
    return { at, before, account: typeof account === 'string' ? account : null };
  }
  return null;
}
