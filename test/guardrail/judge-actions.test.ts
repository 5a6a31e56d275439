import { expect, test } from 'vitest';
import { judgeActions } from '../../src/domain/guardrail/judge-actions.ts';

const none = { acted: 1_000, failed: 0, missing: 0, changedSince: 0 };

test('more than one account in twenty that was not contained holds the next wave', () => {
  expect(judgeActions(none)).toEqual({ kind: 'pass' });
  expect(judgeActions({ ...none, failed: 20, missing: 20, changedSince: 10 })).toEqual({ kind: 'pass' });
  expect(judgeActions({ ...none, failed: 20, missing: 20, changedSince: 11 })).toEqual({
    kind: 'hold',
    accounts: 51,
    share: 0.051,
  });
});

test('up to four accounts hold nothing: in a wave of ten somebody is always quicker', () => {
  expect(judgeActions({ ...none, acted: 10, changedSince: 4 }).kind).toBe('pass');
  expect(judgeActions({ ...none, acted: 10, changedSince: 5 }).kind).toBe('hold');
  expect(judgeActions({ ...none, acted: 0 }).kind).toBe('pass');
});
