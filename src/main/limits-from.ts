import type { Config } from '../config/config.ts';
import type { HolderHours } from '../domain/plan/holder-hours.ts';
import { sampleLimits, standardLimits } from '../domain/plan/limits.ts';
import type { PlanLimits } from '../domain/plan/limits.ts';
import type { LimitChoices } from '../http/services.ts';

/** The limits that a draft is frozen with: the configured ones, and the three choices that a person makes per plan. */
export function limitsFrom(config: Config, choices: LimitChoices): PlanLimits {
  const pace = choices.pace ?? (config.environment === 'sample' ? 'sample' : 'standard');
  const base = pace === 'sample' ? sampleLimits : standardLimits;
  const configured = pace === 'sample' || config.environment !== 'sample' ? pick(config.limits, base) : base;
  const holderHours = pace === 'sample' ? null : hoursFrom(config);
  return { ...configured, pace, order: choices.order, budgetProfile: choices.budget, holderHours };
}

function hoursFrom({ limits, defaultTimeZone }: Config): HolderHours {
  return {
    from: limits.holderHoursFrom,
    to: limits.holderHoursTo,
    fromWaveSize: limits.holderHoursFromWave,
    defaultZone: defaultTimeZone,
  };
}

function pick(limits: Config['limits'], base: PlanLimits): PlanLimits {
  const settled = Object.fromEntries(
    Object.keys(base).map((key) => [key, (limits as Record<string, unknown>)[key] ?? base[key as keyof PlanLimits]]),
  );
  return settled as unknown as PlanLimits;
}
