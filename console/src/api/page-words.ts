import type { Problem } from '../../../src/contract/problem.ts';

type Said = Pick<Problem, 'title' | 'next'>;

/** Refusals whose own advice names commands and options: whoever reads it on a page has neither at hand. */
const onPages: Readonly<Record<string, Partial<Said>>> = {
  usage: { next: 'Correct what the message names, and try again.' },
  'not-found': { next: 'Look at the id again: the pages at the side list what there is.' },
  unauthenticated: {
    title: 'Nobody was signed in by this.',
    next: 'Sign in with your passkey. Without one, ask somebody who decides for a one-time link.',
  },
  forbidden: { next: 'Ask somebody whose role does: Settings names the people and their roles.' },
  'needs-confirmation': { next: 'Read what would happen, then type the number that stands on the page.' },
  'needs-approval': { next: 'Somebody else has to say yes first, on the page of exactly this.' },
  'needs-review': { next: 'Review your targets first, from the page of the plan; then say yes.' },
  'total-mismatch': {
    next: 'Close this, read the number on the page again, and find out why it differs before you type another.',
  },
  'review-wrong': {
    next: 'Find out what else that evidence selected, withdraw it on the page of its batch, and draw up a new plan.',
  },
  'budget-exceeded': {
    next: 'Check the evidence first: a large number is more often a mistake than an attack. For an attack there is a budget of its own, with a reason.',
  },
  halted: { next: 'See why on the page of the rollout. Nothing resumes by itself: two people resume it there.' },
  'not-halted': { next: 'Halt it first, if that is what you want: HALT is at the top of every page.' },
  'drill-due': {
    next: 'Pass one: the page of drills begins it. In a live attack two people may start one plan without, on the command line: allclear drill override PLAN --reason TEXT',
  },
  'server-busy': { next: 'Wait a moment, then try again. HALT is not bounded by this.' },
};

/** A refusal in the words of somebody at a browser; its detail is the server's own. */
export function onPage(problem: Problem): Problem {
  return { ...problem, ...onPages[problem.code] };
}
