import type { SuspensionTerms } from './suspension-terms.ts';
import type { PlanLimits } from './limits.ts';

export interface UndoFacts {
  readonly limits: Pick<PlanLimits, 'restoreHours' | 'keepDays'>;
  /** What lives on after a quarantine and cannot be seen or undone, in the directory's own words. */
  readonly collateral: readonly string[];
  readonly sealKeyId: string;
  /** Of a plan that suspends. */
  readonly suspension?: SuspensionTerms;
  /** Only where the directory cannot end sessions. */
  readonly sessionsLiveMinutes?: number;
}

/** What saying yes to a plan gives away, in sentences: shown before each approval. */
export function whatCannotBeUndone({
  limits,
  collateral,
  sealKeyId,
  sessionsLiveMinutes,
  suspension,
}: UndoFacts): readonly string[] {
  if (suspension !== undefined) {
    return [
      ...(sessionsLiveMinutes === undefined ? ['Sessions that were ended stay ended: everyone signs in again.'] : []),
      'A mail that was sent cannot be taken back: it is followed by a correction.',
      `Each suspension lapses by itself ${suspension.days} days after it began; until then a retraction or a granted appeal lifts it.`,
      'A suspension by the service itself, before or after, is never lifted from here.',
      ...collateral,
    ];
  }
  return [
    ...(sessionsLiveMinutes === undefined ? ['Sessions that were ended stay ended: everyone signs in again.'] : []),
    'A mail that was sent cannot be taken back: it is followed by a correction.',
    `Without the holder’s own act a password is given back only within ${limits.restoreHours} hours after it was taken; later it is offered at recovery.`,
    `${limits.keepDays} days after the last wave the sealed passwords are destroyed: then nothing can be given back.`,
    `The sealed passwords open with key ${sealKeyId} only. If that key is lost, nothing can be given back.`,
    ...collateral,
  ];
}
