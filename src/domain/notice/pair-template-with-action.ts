import { lintTemplate } from './lint-template.ts';
import type { DescribedAction, NoticeTemplate } from './template.ts';

declare const paired: unique symbol;
/** A fit template whose words describe the action that it goes with. Only `pairTemplateWithAction` makes one. */
export type PairedTemplate = NoticeTemplate & { readonly [paired]: true };

export type Pairing =
  | { readonly kind: 'paired'; readonly template: PairedTemplate }
  | {
      readonly kind: 'refused';
      readonly reason: 'describes-another-action' | 'template-unfit';
      /** In words, for the person who drafts the plan. */
      readonly problems: readonly string[];
    };

/**
 * Joins a template to what a plan does. Asked when a plan is made and again before anything is rendered: people whose
 * password was reset must never read that they were suspended.
 */
export function pairTemplateWithAction(template: NoticeTemplate, action: DescribedAction): Pairing {
  if (template.describesAction !== action) {
    return {
      kind: 'refused',
      reason: 'describes-another-action',
      problems: [`${template.id} v${template.version} describes ${template.describesAction}, the plan does ${action}`],
    };
  }
  const findings = lintTemplate(template);
  if (findings.length > 0) {
    return {
      kind: 'refused',
      reason: 'template-unfit',
      problems: findings.map((finding) => `${finding.where}: ${finding.problem}`),
    };
  }
  return { kind: 'paired', template: template as PairedTemplate };
}
