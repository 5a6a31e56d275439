import { expect, test } from 'vitest';
import { signInLines } from '../../src/cli/sign-in-lines.ts';
import type { SignInsAnswer } from '../../src/contract/rollout.ts';
import { judgeRecoveries } from '../../src/domain/guardrail/judge-recoveries.ts';

function counted(wave: number, people: number, signedIn: number): SignInsAnswer['counts'][number] {
  const tally = { people, signedIn, control: 1_000, controlSignedIn: 58 };
  const at = '2026-11-23T10:00:00.000Z';
  return {
    wave,
    ageSeconds: 3_600,
    toldAt: at,
    dueAt: at,
    readAt: at,
    taken: { countedFrom: at, ...tally },
    verdict: judgeRecoveries(tally, { signInShareLeast: 0.5, looks: 3 }),
  };
}

const group: SignInsAnswer = { control: 1_000, notMeasured: null, shareLeast: 0.5, counts: [] };

test('the status says which wave holds, which cannot tell, and when the next is counted', () => {
  const due = { ...counted(5, 1, 0), dueAt: '2026-11-24T10:00:00.000Z', readAt: null, taken: null, verdict: null };
  const lines = signInLines({ ...group, counts: [counted(1, 10, 0), counted(4, 2_000, 4), due] });
  expect(lines.find((line) => /^ +1 /.test(line))).toContain('cannot tell');
  expect(lines.find((line) => /^ +4 /.test(line))).toMatch(/0\.2 %.*5\.8 %.*HOLDS/);
  expect(lines.find((line) => /^ +5 /.test(line))).toContain('due 2026-11-24T10:00:00.000Z');
});

test('a plan without a control group says so in one line, and one from before there were any says nothing', () => {
  expect(signInLines({ ...group, control: 0, notMeasured: 'the directory cannot say' })).toEqual([
    '',
    'Who came back is not measured: the directory cannot say.',
  ]);
  expect(signInLines(null)).toEqual([]);
  expect(signInLines(group).join()).toContain('counted from the first notices on');
});
