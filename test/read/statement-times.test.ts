import { expect, test } from 'vitest';
import type { LedgerBody, LedgerEntry } from '../../src/app/ports/ledger-store.ts';
import { statementTimes } from '../../src/app/statement/statement-times.ts';

function timesOf(entries: readonly (readonly [event: string, body: LedgerBody])[]) {
  return statementTimes({
    plan: 'plan_1',
    retractions: ['retraction_1'],
    batches: ['batch_1'],
    firstDispute: null,
    chain: 'rollout:1',
    entries: entries.map(([event, body], index): LedgerEntry => ({
      chain: 'installation',
      seq: index + 1,
      at: minute(index),
      event,
      body,
      personal: {},
      hash: '',
    })),
  });
}

function minute(index: number): Date {
  return new Date(Date.UTC(2026, 10, 20, 18, index));
}

const ofPlan = { subject: 'plan_1' };

test('a halt that was resumed from is not told as when it ended', () => {
  const times = timesOf([
    ['rollout.started', { plan: 'plan_1' }],
    ['rollout.halted', ofPlan],
    ['rollout.resumed', ofPlan],
    ['rollout.halted', ofPlan],
    ['rollout.halted', ofPlan],
  ]);
  expect(times.started.value).toEqual(minute(0));
  expect(times.halted.value).toEqual(minute(3));
});

test('a plan that runs again was not halted, and a halt of its retraction is another matter', () => {
  const times = timesOf([
    ['rollout.halted', ofPlan],
    ['rollout.resumed', ofPlan],
    ['rollout.halted', { subject: 'retraction_1' }],
  ]);
  expect(times.halted.value).toBeNull();
});

test('people are corrected when the last letter has its outcome, not when passwords are back', () => {
  const finished = (track: string, subject: string) => ['rollout.finished', { subject, track }] as const;
  expect(timesOf([finished('restore', 'retraction_1'), finished('tell', 'plan_1')]).corrected.value).toBeNull();
  expect(timesOf([finished('correct', 'retraction_1'), finished('restore', 'retraction_1')]).corrected.value).toEqual(
    minute(0),
  );
});

test('a late letter is not a word that we are checking', () => {
  const times = timesOf([
    ['correction.started', { plan: 'plan_1', kind: 'late' }],
    ['correction.started', { plan: 'plan_1', kind: 'holding' }],
  ]);
  expect(times.holdingSent.value).toEqual(minute(1));
});
