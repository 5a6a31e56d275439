import { describe, expect, it } from 'vitest';
import { metWords, toldStory, whatMayBeDone } from '../../console/src/account/told-story.ts';
import type { Story } from '../../console/src/account/told-story.ts';

type Plan = Extract<Story['plans'][number], { kind: 'target' }>;
type Retraction = Plan['retractions'][number];

const drawnUp: Retraction = {
  retraction: 'retraction_1',
  started: false,
  decision: 'restore',
  reason: 'evidence-withdrawn',
  outcome: null,
  recordedAt: null,
  credential: 'open',
  letter: 'open',
  isTerminal: false,
};
const closed: Retraction = { ...drawnUp, started: true, credential: 'restored', letter: 'corrected', isTerminal: true };

/** Somebody whose password was taken out of use and whose evidence was withdrawn since. */
function story(...retractions: readonly Retraction[]): Story {
  return {
    accountId: 'u1',
    now: { inDirectory: true, liveEvidence: 0, quarantinedBy: 'plan_1', words: '' },
    evidence: [],
    plans: [
      {
        kind: 'target',
        plan: 'plan_1',
        lane: 'main',
        laneWords: { why: '', does: '', owner: '', clock: '' },
        effect: 'quarantine',
        reason: '',
        evidence: [],
        containment: {
          outcome: 'contained',
          containedAt: '2026-11-20T08:00:00.000Z',
          sessionsEndedAt: null,
          sessionsEnded: null,
          notes: [],
        },
        restorePoint: { state: 'open', sealedAt: '2026-11-20T08:00:00.000Z', closedAt: null, closedBy: null },
        suspension: null,
        notices: [],
        retractions,
      },
    ],
    events: [],
  };
}

const said = (...retractions: readonly Retraction[]): string => whatMayBeDone(story(...retractions)).join('\n');

it('whoever was suspended is not told of sign-ins that nobody noticed', () => {
  const [plan] = story().plans as [Plan];
  const suspension = {
    state: 'open',
    because: 'unwanted messages were sent from the account',
    suspendedAt: '2026-11-20T08:00:00.000Z',
    lapsesAt: '2026-12-20T08:00:00.000Z',
    closedAt: null,
    closedBy: null,
  } as const;
  const evidence = {
    evidence: 1,
    batch: 'batch_1',
    source: 'same-link',
    class: 'observed',
    state: 'live',
    cause: null,
    at: '2026-11-20T07:00:00.000Z',
    withdrawnAt: null,
    rule: 'same-link',
    reason: null,
  } as const;
  const observed = { ...story(), evidence: [evidence] };
  const suspended: Story = { ...observed, plans: [{ ...plan, effect: 'suspend', restorePoint: null, suspension }] };
  expect(toldStory(observed).join(' ')).toContain('sign-ins on the account');
  expect(toldStory(suspended).join(' ')).toContain('because unwanted messages were sent from the account');
  expect(toldStory(suspended).join(' ')).not.toMatch(/sign-in|password/);
});

describe('what the support desk reads of a retraction', () => {
  it('is that it was not started, and not that somebody was left over by it', () => {
    expect(said(drawnUp)).toContain(
      'retraction_1 would put this right: all evidence about it was withdrawn. It was drawn up and not started yet.',
    );
    expect(said(drawnUp)).not.toMatch(/left over|evidence-withdrawn|has to close/);
    expect(toldStory(story(drawnUp)).at(-1)).toMatch(/has not begun yet/);
    expect(toldStory(story({ ...drawnUp, started: true })).at(-1)).toMatch(/is being put right/);
  });

  it('is that it is not done yet while it runs, and who has to act where it waits for a person', () => {
    expect(said({ ...drawnUp, started: true })).toContain('was started and is not done with this account yet');
    const person = { ...drawnUp, decision: 'person', reason: 'source-doubted', credential: 'needs-a-person' } as const;
    expect(said(person)).toContain('leaves this account to a person: its source is doubted');
    expect(said({ ...drawnUp, started: true, credential: 'restored', letter: 'withheld' })).toContain('as left over');
  });

  it('is nothing of one that was drawn up and never started, once a later one has closed the account', () => {
    expect(said(drawnUp, { ...closed, retraction: 'retraction_2' })).not.toContain('retraction_');
    expect(said({ ...drawnUp, started: true }, { ...drawnUp, retraction: 'retraction_2' })).toMatch(
      /retraction_2 .*\n.*retraction_1 was started/,
    );
    expect(said(drawnUp, { ...drawnUp, retraction: 'retraction_2' })).not.toContain('retraction_1');
  });
});

it('how many plans met an account is said as a person would say it, and none of it is a count of nothing', () => {
  const [plan] = story().plans as [Plan];
  const excluded = { kind: 'excluded', plan: 'plan_2', reason: '', words: '' } as const;
  const met = (...plans: Story['plans'][number][]): string => metWords({ ...story(), plans });
  expect(met()).toBe('No plan met it.');
  expect(met(plan)).toBe('Named by one plan.');
  expect(met(excluded)).toBe('Left out of one plan.');
  expect(met(plan, plan, excluded)).toBe('Named by 2 plans, left out of one plan.');
});
