import type { OwnReviewAnswer, ReviewTargetAnswer } from '../contract/review.ts';
import type { ShownPlanAnswer } from '../contract/plan-view.ts';
import { grouped, pairs, table } from './table.ts';

const credentialWords: Readonly<Record<ReviewTargetAnswer['credential'], string>> = {
  'as-frozen': 'the password is the one of when the plan was frozen',
  'changed-since': 'the password was changed after the plan was frozen',
  none: 'there is no password',
  unknown: 'the directory does not answer',
};

const classWords: Readonly<Record<string, string>> = {
  verified: 'a leaked password works on this account',
  observed: 'an event of the service’s own logs',
  reported: 'a named person reported this account',
};

/** How much of a digest tells two apart for the eye. */
const digestShown = 12;

/** One target as its reviewer reads it: what is known of it, and what would be done. */
export function reviewTargetLines(target: ReviewTargetAnswer): readonly string[] {
  return [
    ...pairs([
      ['account', target.accountId],
      ['the plan', `${target.does} (${target.effect}, lane ${target.lane})`],
      ['because', target.reason],
      ['told', target.told ? `yes, in ${target.language ?? 'the default language'}` : 'no'],
      ['password', [target.scheme, credentialWords[target.credential]].filter((one) => one !== null).join(': ')],
      ['address', target.addressDigest === null ? 'none' : `SHA-256 ${target.addressDigest.slice(0, digestShown)}...`],
    ]),
    ...target.evidence.map((item) => {
      const facts = [
        `${item.class} by ${item.source} (${item.authority})`,
        item.at,
        classWords[item.class] ?? null,
        item.eventId === null || item.eventId === '' ? null : `event ${item.eventId}`,
        item.rule === null ? null : `rule "${item.rule}"`,
        item.reason === null ? null : `"${item.reason}"`,
        item.remark,
        item.state === 'live' ? null : 'WITHDRAWN',
      ];
      return `evidence  ${facts.filter((one) => one !== null).join(', ')}; of ${item.batch}`;
    }),
  ];
}

export function ownReviewLines(review: OwnReviewAnswer): readonly string[] {
  const { counts, standing } = review;
  return [
    ...pairs([
      ['plan', review.plan],
      ['your targets', counts.drawn],
      ['right', counts.right],
      ['wrong', counts.wrong],
      ['cannot tell', counts['cannot-tell']],
      ['left', counts.left],
    ]),
    standing.kind === 'clean' ? `Clean. ${review.proves}` : review.proves,
    ...nextOf(review),
  ];
}

function nextOf({ plan, standing }: OwnReviewAnswer): readonly string[] {
  switch (standing.kind) {
    case 'clean':
      return [`Your yes counts now: allclear plan approve ${plan} --digest D --total N --key FILE --yes`];
    case 'wrong':
      return [
        `${plan} is blocked for everyone: one target found wrong is a finding about the evidence that selected it.`,
        'Find out what else it selected, withdraw it (allclear evidence withdraw BATCH --cause CAUSE), and draft a new plan.',
      ];
    case 'unclear':
      return ['"Cannot tell" is not clean. Find out and judge again, or leave the yes to somebody who can.'];
    case 'not-needed':
      return [];
    case 'not-begun':
    case 'open':
      return [`Go on: allclear plan review ${plan}`];
  }
}

/** For `plan show`: who has looked at what. Nothing where the plan asks for no review. */
export function planReviewLines({ review }: ShownPlanAnswer): readonly string[] {
  if (review.need === 'none') return [];
  const each = review.need === 'all' ? 'every target' : `${grouped(review.each)} targets drawn for them`;
  return [
    `Each approver looks at ${each} first: allclear plan review PLAN. ${review.proves}`,
    ...table(
      ['reviewer', 'stands', 'drawn', 'right', 'wrong', 'cannot tell', 'left'],
      review.reviewers.map(({ reviewer, standing, counts }) => [
        reviewer,
        standing,
        counts.drawn,
        counts.right,
        counts.wrong,
        counts['cannot-tell'],
        counts.left,
      ]),
    ),
    ...review.wrong.map((one) => `WRONG: target ${one.ordinal}, account ${one.accountId}, found by ${one.reviewer}`),
  ];
}
