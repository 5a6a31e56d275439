import type { Config } from '../../config/config.ts';
import type { DrillRule } from '../../domain/drill/drill-standing.ts';

export function drillRuleOf({ limits }: Config): DrillRule {
  return { everyDays: limits.drillDays, warnDays: limits.drillWarnDays };
}
