import type { Answer } from '../api/routes.ts';

type Operator = Answer<'get /api/v1/operators'>['operators'][number];

/**
 * What two people say yes to about a person: SHA-256, hex, over the RFC 8785 text of the record. Computed from what is
 * on the screen, so that a record that changed meanwhile is refused.
 */
export async function operatorDigest(deployment: string, operator: Operator): Promise<string> {
  const { operatorId, name, email, publicKey, role } = operator;
  const record: Record<string, string> = { deployment, operator: operatorId, name, email, publicKey, role };
  // All members are strings: sorted names and JSON's own escapes are the whole of RFC 8785 here.
  const sorted = Object.fromEntries(
    Object.keys(record)
      .toSorted()
      .map((key) => [key, record[key]]),
  );
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(sorted)));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
