import type { Command } from 'commander';
import { reviewRoutes } from '../../contract/review.ts';
import type { OwnReviewAnswer, ReviewTargetAnswer } from '../../contract/review.ts';
import type { PlanId } from '../../domain/shared/ids.ts';
import type { Ask } from '../ask.ts';
import { readVerdicts } from '../read-verdicts.ts';
import { requirePlan } from '../require-ids.ts';
import { ownReviewLines, reviewTargetLines } from '../review-lines.ts';
import type { Session } from '../session.ts';
import { grouped } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags {
  readonly verdicts?: string;
  readonly all?: boolean;
  readonly json?: boolean;
  readonly ndjson?: boolean;
}

/** Shown at a time to a person who answers one by one: whoever leaves has seen no more than these. */
const pageAtTerminal = 5;
const pageOfFile = 100;
/** Verdicts in one request. */
const sentAtOnce = 500;

export function addPlanReview(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'review <plan>',
    summary:
      'shows you your own targets with their evidence, one by one, and takes what you say of them; your yes counts only after that',
    example: 'allclear plan review plan_81 --as ada',
    options: [
      ['--verdicts <file>', 'take verdicts from a file (NDJSON or CSV) instead of asking; - is not taken'],
      ['--all', 'list also those that you judged already'],
    ],
    async run(session, args, flags) {
      const { api, out, world } = session;
      const plan = requirePlan(args[0]);
      out.progress('drawing your targets');
      const begun = await api.call(reviewRoutes.begin, { params: { plan } });
      if (flags.verdicts !== undefined) return sayHowItStands(session, await sendFile(session, plan, flags.verdicts));
      const listsOnly = flags.json === true || flags.ndjson === true || flags.all === true || world.ask === undefined;
      if (listsOnly) return list(session, begun, flags.all === true ? 'all' : 'open', flags.ndjson === true);
      await askEach(session, world.ask as Ask, begun);
      return sayHowItStands(session, await api.call(reviewRoutes.own, { params: { plan } }));
    },
  });
}

/** Exit code 3 until a yes would count: for scripts as for a person. */
function sayHowItStands({ out }: Session, review: OwnReviewAnswer): number {
  out.data(review, () => ownReviewLines(review));
  return review.standing.kind === 'clean' ? 0 : 3;
}

async function list(
  session: Session,
  review: OwnReviewAnswer,
  which: 'open' | 'all',
  asStream: boolean,
): Promise<number> {
  const { out } = session;
  const plan = review.plan as PlanId;
  const shown: ReviewTargetAnswer[] = [];
  for await (const target of targetsOf(session, plan, which, pageOfFile)) {
    if (asStream) out.line(target);
    else shown.push(target);
  }
  if (!asStream) {
    out.data({ ...review, targets: shown }, () => [
      ...shown.flatMap((target) => [`Target ${target.ordinal}`, ...indented(target), '']),
      ...ownReviewLines(review),
    ]);
  }
  if (review.standing.kind !== 'clean') {
    out.talk(
      'Away from this terminal: save the targets with --ndjson, fill in each "verdict" (right, wrong, cannot-tell), and send them:',
      `  allclear plan review ${plan} --verdicts FILE`,
    );
  }
  return review.standing.kind === 'clean' ? 0 : 3;
}

async function askEach(session: Session, ask: Ask, review: OwnReviewAnswer): Promise<void> {
  const plan = review.plan as PlanId;
  let left = review.counts.left + review.counts['cannot-tell'];
  ask.say(
    `${grouped(left)} of your ${grouped(review.counts.drawn)} targets are open. Of each: is it right that the plan does this to this very account, on this evidence?`,
  );
  for await (const target of targetsOf(session, plan, 'open', pageAtTerminal)) {
    ask.say([`Target ${target.ordinal}, ${grouped(left)} left`, ...indented(target)].join('\n'));
    const verdict = await ask.choose('Is this right?', [
      { value: 'right', label: 'right', hint: 'the plan may act on this account' },
      { value: 'wrong', label: 'wrong', hint: 'a finding: it blocks the plan for everyone, for good' },
      { value: 'cannot-tell', label: 'cannot tell', hint: 'stays open until you know' },
      { value: 'leave', label: 'leave', hint: 'go on later where you are now' },
    ]);
    if (verdict === 'leave') return;
    const { ordinal, accountId } = target;
    await session.api.call(reviewRoutes.judge, {
      params: { plan },
      body: { verdicts: [{ ordinal, accountId, verdict }] },
    });
    left -= 1;
    if (verdict === 'wrong') return;
  }
}

async function* targetsOf(
  { api }: Session,
  plan: PlanId,
  which: 'open' | 'all',
  limit: number,
): AsyncIterable<ReviewTargetAnswer> {
  for (let after: number | null = null; ;) {
    const body: { after: number | null; limit: number; which: 'open' | 'all' } = { after, limit, which };
    const { targets }: { targets: readonly ReviewTargetAnswer[] } = await api.call(reviewRoutes.read, {
      params: { plan },
      body,
    });
    yield* targets;
    const last = targets.at(-1);
    if (last === undefined || targets.length < limit) return;
    after = last.ordinal;
  }
}

async function sendFile({ api, out }: Session, plan: PlanId, path: string): Promise<OwnReviewAnswer> {
  const verdicts = await readVerdicts(path);
  let review: OwnReviewAnswer | null = null;
  for (let from = 0; from < verdicts.length; from += sentAtOnce) {
    const part = verdicts.slice(from, from + sentAtOnce);
    review = await api.call(reviewRoutes.judge, { params: { plan }, body: { verdicts: [...part] } });
    out.progress(
      `${grouped(Math.min(from + sentAtOnce, verdicts.length))} of ${grouped(verdicts.length)} verdicts sent`,
    );
  }
  return review ?? (await api.call(reviewRoutes.own, { params: { plan } }));
}

function indented(target: ReviewTargetAnswer): readonly string[] {
  return reviewTargetLines(target).map((line) => `  ${line}`);
}
