import type { Config } from '../config/config.ts';
import type { HolderHours } from '../domain/plan/holder-hours.ts';
import { sampleLimits, smallProfile, standardLimits } from '../domain/plan/limits.ts';
import type { PlanLimits } from '../domain/plan/limits.ts';
import type { LimitChoices } from '../http/services.ts';
import { mailRatesFrom } from './mail-rates-from.ts';

/** The limits that a draft is frozen with: the configured ones, and the three choices that a person makes per plan. */
export function limitsFrom(config: Config, choices: LimitChoices): PlanLimits {
  const pace = choices.pace ?? (config.environment === 'sample' ? 'sample' : 'standard');
  const paced = pace === 'sample' ? sampleLimits : standardLimits;
  const base: PlanLimits = config.profile === 'small' ? { ...paced, ...smallProfile } : paced;
  const configured = pace === 'sample' || config.environment !== 'sample' ? pick(config.limits, base) : base;
  return {
    ...configured,
    pace,
    review: reviewOf(config),
    order: choices.order,
    budgetProfile: choices.budget,
    holderHours: pace === 'sample' ? null : hoursFrom(config),
    ...rateFrom(config),
  };
}

/** Left out where none is named: a plan says nothing then, as those before there were rates. */
function rateFrom(config: Config): Pick<PlanLimits, 'mailRate'> {
  const { all, reserve } = mailRatesFrom(config);
  return all.length === 0 ? {} : { mailRate: { limits: all, reserve } };
}

function hoursFrom({ limits, defaultTimeZone }: Config): HolderHours {
  return {
    from: limits.holderHoursFrom,
    to: limits.holderHoursTo,
    fromWaveSize: limits.holderHoursFromWave,
    defaultZone: defaultTimeZone,
  };
}

/** By what is at stake, not by the pace: a plan of the sample concerns nobody, however slowly it runs. */
function reviewOf({ profile, environment }: Config): PlanLimits['review'] {
  if (profile === 'small') return 'all';
  return environment === 'sample' ? 'none' : 'sampled';
}

function pick(limits: Config['limits'], base: PlanLimits): PlanLimits {
  const settled = Object.fromEntries(
    Object.keys(base).map((key) => [key, (limits as Record<string, unknown>)[key] ?? base[key as keyof PlanLimits]]),
  );
  return settled as unknown as PlanLimits;
}
