import type { ShownApprovalsAnswer, ShownPlanAnswer } from '../contract/plan-view.ts';
import { heldFromOrdinal, longestNightHours } from '../domain/plan/holder-hours.ts';
import { limitsInWords, secondsToSend } from '../domain/rate/rate-limit.ts';
import { aboutHowLong } from '../domain/shared/duration-in-words.ts';
import { planReviewLines } from './review-lines.ts';
import { countsInWords, grouped, pairs, table } from './table.ts';

/** A plan for a person who is asked to say yes: everything that could make them say no. */
export function planLines(plan: ShownPlanAnswer): readonly string[] {
  const { counts, limits, waves, difference } = plan;
  return [
    ...pairs([
      ['plan', `${plan.plan}${plan.started ? ' (started)' : ''}`],
      ['digest', plan.digest],
      ['  said', plan.digestWords],
      ['directory', `${plan.directory} (${plan.environment})`],
      ['action', plan.action],
      ['  because', plan.suspension?.words],
      ['  lapses', plan.suspension === null ? null : `by itself, ${plan.suspension.days} days after it began`],
      ['people', counts.total],
      ['  password reset', plan.suspension === null ? counts.quarantined : null],
      ['  suspended', plan.suspension === null ? null : counts.suspended],
      ['  sessions only', counts.sessionsOnly],
      ['  told', counts.told],
      ['left out', counts.excluded],
      ['control group', counts.control === 0 ? null : `${grouped(counts.control)} unaffected, only looked at`],
      ['evidence', `${grouped(counts.evidence)} pieces of ${plan.batches.join(', ')}`],
      ['author', `${plan.author}, ${plan.createdAt}`],
      ['order', `${limits.order}, pace ${limits.pace}, budget ${limits.budgetProfile}`],
      ['profile', limits.profile === 'small' ? 'small: ten, then the rest' : null],
      ['waves of contain', waves.containEnds.map(grouped).join(' ')],
      ['waves of tell', waves.tellEnds.map(grouped).join(' ')],
      ['hours of notices', hoursInWords(plan)],
      ['rate of mail', rateInWords(plan)],
      ['notice', templatesInWords(plan)],
      [
        'against the last plan',
        difference === null
          ? null
          : `${difference.previous}: ${grouped(difference.added)} new, ${grouped(difference.removed)} gone, ${grouped(difference.kept)} the same`,
      ],
      [
        'last day to restore',
        plan.suspension !== null ? null : (plan.lastRestoreAt ?? `${limits.keepDays} days after its last wave`),
      ],
    ]),
    ...section('Lanes', plan.lanes.flatMap(laneLines)),
    ...section(
      'Left out',
      table(
        ['people', 'reason', 'in words'],
        plan.exclusions.map((one) => [one.count, one.reason, one.words]),
      ),
    ),
    ...warningLines(plan),
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
      'The first in order, which nobody chose',
      table(
        ['account', 'lane', 'told in', 'evidence', 'reason'],
        plan.sample.map((one) => [
          one.accountId,
          one.lane,
          one.told ? (one.language ?? '?') : 'not told',
          countsInWords(countBy(one.evidence, (item) => `${item.class} by ${item.source}, ${item.state}`)),
          one.reason,
        ]),
      ),
    ),
    ...section('Review', planReviewLines(plan)),
    ...section('Approvals', approvalLines(plan.approvals)),
  ];
}

/** What could make somebody say no although the digest is right. */
export function warningLines(plan: ShownPlanAnswer): readonly string[] {
  return [
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
  ];
}

function laneLines(lane: ShownPlanAnswer['lanes'][number]): readonly string[] {
  return [
    `${lane.lane}: ${grouped(lane.count)} people, ${grouped(lane.told)} told; ${countsInWords(lane.reasons)}`,
    ...pairs([
      ['why', lane.why],
      ['done', lane.does],
      ['whose', `${lane.owner}: ${lane.clock}`],
    ]).map((line) => `  ${line}`),
  ];
}

function countBy<Item>(items: readonly Item[], wordOf: (item: Item) => string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[wordOf(item)] = (counts[wordOf(item)] ?? 0) + 1;
  return counts;
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

function hoursInWords({ limits, waves }: ShownPlanAnswer): string {
  const { holderHours } = limits;
  const from = heldFromOrdinal(waves.tellEnds, holderHours);
  if (holderHours === null || from === null) return 'any';
  const { from: first, to, defaultZone } = holderHours;
  const night = longestNightHours(holderHours);
  return (
    `from person ${grouped(from + 1)} on: ${first} to ${to} h where each one lives, ${defaultZone} where that is not known; ` +
    `who is contained by night waits up to ${night} h for the notice`
  );
}

function rateInWords({ limits: { mailRate }, counts }: ShownPlanAnswer): string {
  if (mailRate === undefined) return 'none named: as fast as the mail server takes it';
  const { limits, reserve } = mailRate;
  const seconds = secondsToSend(limits, reserve, counts.told);
  return (
    `${limitsInWords(limits)}, of which ${Math.round(reserve * 100)} % are kept for corrections; ` +
    `to tell all ${grouped(counts.told)} takes at least ${aboutHowLong(seconds)}, soaks aside`
  );
}

function templatesInWords({ templates }: ShownPlanAnswer): string {
  const kinds: Record<string, number> = {};
  for (const one of templates) kinds[one.kind] = (kinds[one.kind] ?? 0) + 1;
  const names = [...new Set(templates.map((one) => `${one.id} v${one.version}`))].join(', ');
  const languages = [...new Set(templates.map((one) => one.language))].join(' ');
  return `${names}: ${countsInWords(kinds)} texts (${languages})`;
}
