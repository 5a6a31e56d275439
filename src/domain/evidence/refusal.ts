/** Why a line of a list was not taken. Counted by reason; the line itself is kept nowhere. */
export const refusalReasons = [
  'blank',
  'header',
  'too-long',
  'nul',
  'invalid-utf8',
  'broken-quotes',
  'wrong-columns',
  'field-too-long',
  'sql-dump',
  'no-address',
  'no-password',
  'hashed-password',
  'over-candidate-limit',
  'no-account',
  'unknown-account',
  'no-event-id',
  'unreadable-time',
  'no-rule',
  'no-reason',
] as const;

export type RefusalReason = (typeof refusalReasons)[number];

export type RefusalCounts = Readonly<Partial<Record<RefusalReason, number>>>;

export function addRefusals(left: RefusalCounts, right: RefusalCounts): RefusalCounts {
  const sum: Partial<Record<RefusalReason, number>> = { ...left };
  for (const reason of refusalReasons) {
    const more = right[reason];
    if (more !== undefined && more > 0) sum[reason] = (sum[reason] ?? 0) + more;
  }
  return sum;
}

export function totalRefused(counts: RefusalCounts): number {
  return refusalReasons.reduce((total, reason) => total + (counts[reason] ?? 0), 0);
}
