import type { ShownApprovalsAnswer, ShownPlanAnswer } from '../contract/plan-view.ts';
import { countsInWords, grouped, pairs, table } from './table.ts';

/** A plan for a person who is asked to say yes: everything that could make them say no. */
export function planLines(plan: ShownPlanAnswer): readonly string[] {
  const { counts, limits, waves, difference } = plan;
  return [
    ...pairs([
      ['plan', `${plan.plan}${plan.started ? ' (started)' : ''}`],
      ['digest', plan.digest],
      ['directory', `${plan.directory} (${plan.environment})`],
      ['action', plan.action],
      ['people', counts.total],
      ['  password reset', counts.quarantined],
      ['  sessions only', counts.sessionsOnly],
      ['  told', counts.told],
      ['left out', counts.excluded],
      ['evidence', `${grouped(counts.evidence)} pieces of ${plan.batches.join(', ')}`],
      ['author', `${plan.author}, ${plan.createdAt}`],
      ['order', `${limits.order}, pace ${limits.pace}, budget ${limits.budgetProfile}`],
      ['waves of contain', waves.containEnds.map(grouped).join(' ')],
      ['waves of tell', waves.tellEnds.map(grouped).join(' ')],
      ['notice', templatesInWords(plan)],
      [
        'against the last plan',
        difference === null
          ? null
          : `${difference.previous}: ${grouped(difference.added)} new, ${grouped(difference.removed)} gone, ${grouped(difference.kept)} the same`,
      ],
      ['last day to restore', plan.lastRestoreAt],
    ]),
    ...section(
      'Lanes',
      table(
        ['people', 'told', 'lane', 'why', 'what is done', 'whose', 'by when'],
        plan.lanes.map((lane) => [lane.count, lane.told, lane.lane, lane.why, lane.does, lane.owner, lane.clock]),
      ),
    ),
    ...section(
      'Left out',
      table(
        ['people', 'reason', 'in words'],
        plan.exclusions.map((one) => [one.count, one.reason, one.words]),
      ),
    ),
    ...section(
      'Who may not get back in',
      table(
        ['people', 'risk', 'in words'],
        plan.risks.map((one) => [one.count, one.risk, one.words]),
      ),
    ),
    ...section(
      'What cannot be undone',
      plan.cannotBeUndone.map((words) => `- ${words}`),
    ),
    ...section(
      'Budgets',
      plan.budgets === null
        ? ['unknown: the directory does not answer']
        : table(
            ['budget', 'used', 'asked', 'limit', 'over'],
            plan.budgets.map((one) => [one.name, one.used, one.asked, one.limit, one.over]),
          ),
    ),
    ...section(
      'The first in order',
      table(
        ['account', 'lane', 'told', 'reason', 'evidence'],
        plan.sample.map((one) => [
          one.accountId,
          one.lane,
          one.told ? (one.language ?? 'yes') : 'no',
          one.reason,
          one.evidence.map((item) => `${item.class} ${item.source} ${item.state}`).join('; '),
        ]),
      ),
    ),
    ...section('Approvals', approvalLines(plan.approvals)),
  ];
}

export function approvalLines(approvals: ShownApprovalsAnswer): readonly string[] {
  return [
    `${approvals.have} of ${approvals.required}${approvals.until === null ? '' : `, until ${approvals.until}`}`,
    ...table(
      ['operator', 'name', 'given', 'until', 'holds'],
      approvals.given.map((one) => [one.operator, one.name, one.givenAt, one.until, one.holds ? 'yes' : 'no']),
    ),
  ];
}

export function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function templatesInWords({ templates }: ShownPlanAnswer): string {
  const kinds: Record<string, number> = {};
  for (const one of templates) kinds[one.kind] = (kinds[one.kind] ?? 0) + 1;
  const names = [...new Set(templates.map((one) => `${one.id} v${one.version}`))].join(', ');
  const languages = [...new Set(templates.map((one) => one.language))].join(' ');
  return `${names}: ${countsInWords(kinds)} texts (${languages})`;
}
