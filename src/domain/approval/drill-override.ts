/** What two people sign to start one plan without a recent drill: it names the reason by its SHA-256. */
export type DrillOverrideDecision = `start-without-drill-${string}`;

export function decisionToOverride(reasonDigest: string): DrillOverrideDecision {
  return `start-without-drill-${reasonDigest}`;
}
