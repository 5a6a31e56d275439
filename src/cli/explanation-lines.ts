import { credentialHead, credentialWord } from './credential-words.ts';
import type { ExplanationAnswer } from '../contract/explain.ts';
import { section } from './plan-lines.ts';
import { pairs, table } from './table.ts';

type ExplainedPlan = ExplanationAnswer['plans'][number];
type ExplainedTarget = Extract<ExplainedPlan, { kind: 'target' }>;
type FeedbackAnswer = ExplainedTarget['notices'][number]['feedback'][number];

/** One account's story for the person who answers for it. */
export function explanationLines(story: ExplanationAnswer): readonly string[] {
  const { now } = story;
  const inDirectory =
    now.inDirectory === null ? 'unknown: the directory does not answer' : now.inDirectory ? 'yes' : 'no';
  return [
    ...pairs([
      ['account', story.accountId],
      ['now', now.words],
      ['in the directory', inDirectory],
      ['live evidence', now.liveEvidence],
    ]),
    ...section(
      'Evidence',
      table(
        ['no', 'batch', 'source', 'class', 'state', 'at', 'rule', 'reason'],
        story.evidence.map((one) => [
          String(one.evidence),
          one.batch,
          one.source,
          one.class,
          one.cause === null ? one.state : `${one.state}: ${one.cause}`,
          one.at,
          one.rule ?? '',
          one.reason ?? '',
        ]),
      ),
    ),
    ...story.plans.flatMap((plan) => section(plan.plan, planLinesOf(plan))),
    ...section(
      'In order',
      table(
        ['at', 'what', 'of'],
        story.events.map((event) => [event.at, event.what, event.of]),
      ),
    ),
  ];
}

function feedbackInWords(said: FeedbackAnswer): string {
  const about = [said.class, said.status].filter((part) => part !== null).join(' ');
  return `; ${said.kind}${about === '' ? '' : ` (${about})`} ${said.at}, by ${said.source}`;
}

function suspensionInWords({
  state,
  lapsesAt,
  closedAt,
  closedBy,
}: NonNullable<ExplainedTarget['suspension']>): string {
  if (closedAt !== null) return `${state}, ${closedAt} by ${closedBy ?? ''}`;
  return lapsesAt === null ? state : `${state}, lapses by itself ${lapsesAt}`;
}

function planLinesOf(plan: ExplainedPlan): readonly string[] {
  if (plan.kind === 'excluded') return [`left out: ${plan.words}`];
  const { containment, restorePoint, suspension } = plan;
  const action = suspension === null ? 'reset' : 'suspend';
  return [
    ...pairs([
      ['lane', `${plan.lane}: ${plan.laneWords.why}`],
      ['reason', plan.reason],
      [
        'done',
        `${plan.effect}: ${containment.outcome}${containment.containedAt === null ? '' : `, ${containment.containedAt}`}`,
      ],
      [
        'sessions ended',
        containment.sessionsEnded === null
          ? null
          : `${containment.sessionsEnded}, ${containment.sessionsEndedAt ?? ''}`,
      ],
      ['suspended because', suspension?.because],
      ['suspension', suspension === null ? null : suspensionInWords(suspension)],
      [
        'old password',
        restorePoint === null
          ? null
          : `${restorePoint.state}${restorePoint.closedAt === null ? '' : `, ${restorePoint.closedAt} by ${restorePoint.closedBy ?? ''}`}`,
      ],
    ]),
    ...plan.notices.map(
      (notice) =>
        `${notice.kind} ${notice.number}: ${notice.state}${notice.recordedAt === null ? '' : `, ${notice.recordedAt}`}${notice.waitsUntil === null ? '' : `, waits for morning where its reader lives: ${notice.waitsUntil}`}${notice.dispute === null ? '' : `; "this is not right" ${notice.dispute.pressedAt}`}${notice.feedback.map(feedbackInWords).join('')}`,
    ),
    ...plan.retractions.map(
      (one) =>
        `${one.retraction}${one.started ? '' : ', not started'}: ${one.decision} (${one.reason}); ${credentialHead(action)} ${credentialWord(action, one.credential)}, letter ${one.letter}`,
    ),
  ];
}
