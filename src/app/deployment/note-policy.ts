import type { Store } from '../ports/store.ts';

/** Settings by name, as text. No secret is among them. */
export type PolicyFacts = Readonly<Record<string, string>>;

/**
 * Enters which of the settings that decide who is reached are others than when a server last started; everybody who decides is
 * told. `account`: that of the machine under which the server was started; settings are changed there and nowhere else. The first time
 * there is nothing to compare with. The number of those that changed.
 */
export async function notePolicy(
  { store }: { readonly store: Store },
  facts: PolicyFacts,
  account: string,
): Promise<number> {
  return store.transact(async (tx) => {
    const before = await tx.deployment.policySeen();
    const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(facts)])].toSorted();
    const changes =
      before === null
        ? []
        : names
            .filter((name) => before[name] !== facts[name])
            .map((name) => `${name}: ${before[name] ?? 'not there'} -> ${facts[name] ?? 'not there'}`);
    if (before !== null && changes.length === 0) return 0;
    await tx.deployment.setPolicySeen(facts);
    if (changes.length > 0)
      await tx.ledger.append({ chain: 'installation', event: 'policy.changed', body: { account, changes } });
    return changes.length;
  });
}
