import { expect, test } from 'vitest';
import { judgeHalts, proveHaltJudge } from '../../examples/scenarios/halt-judge.ts';
import { judgeMail, proveJudge } from '../../examples/scenarios/mail-judge.ts';
import type { SeenMail } from '../../examples/scenarios/mail-judge.ts';

type Member = SeenMail['members'] extends ReadonlyMap<string, infer One> ? One : never;

const told: Member = { accountId: 'told', state: 'accepted' };
const sound: SeenMail = {
  arrived: ['told@chirp.example', 'perhaps@chirp.example'],
  members: new Map<string, Member>([
    ['told@chirp.example', told],
    ['perhaps@chirp.example', { accountId: 'perhaps', state: 'unknown' }],
    ['silent@chirp.example', { accountId: 'silent', state: 'unknown' }],
    ['refused@chirp.example', { accountId: 'refused', state: 'refused' }],
  ]),
};

test('a rig is content with a world in which whoever has a mail is accepted or unknown', () => {
  expect(judgeMail(sound)).toEqual([]);
  proveJudge(sound);
});

test.each<[string, SeenMail, string]>([
  ['twice', { ...sound, arrived: [...sound.arrived, 'told@chirp.example'] }, 'told: mailed 2 times'],
  ['a stranger', { ...sound, arrived: [...sound.arrived, 'x@y.example'] }, 'a mail went to somebody outside the plan'],
  ['unmarked', withTold('refused'), 'told: has the mail, and is refused with us'],
  ['lost', { ...sound, arrived: ['perhaps@chirp.example'] }, 'told: accepted, and has no mail'],
])('a rig finds what is wrong in a falsified world: %s', (_, seen, finding) => {
  expect(judgeMail(seen)).toEqual([finding]);
});

test('a rig finds who was forgotten', () => {
  expect(judgeMail({ ...withTold('released'), arrived: ['perhaps@chirp.example'] })).toEqual([
    'told: still released at the end',
  ]);
});

test('a rig finds a mail that came too late after a halt, and more than were under way', () => {
  const halts = [{ plan: 'plan_1', at: 1_000, inFlightAtMost: 2 }] as const;
  const mails = (...at: number[]): { plan: string; at: number }[] => at.map((one) => ({ plan: 'plan_1', at: one }));
  expect(judgeHalts(halts, [...mails(900, 1_100, 1_200), { plan: 'plan_2', at: 9_000 }])).toEqual([]);
  expect(judgeHalts(halts, mails(1_100, 1_200, 1_300))).toHaveLength(1);
  expect(judgeHalts(halts, mails(2_001))).toHaveLength(1);
  proveHaltJudge(halts, []);
});

function withTold(state: 'refused' | 'released'): SeenMail {
  return { ...sound, members: new Map([...sound.members, ['told@chirp.example', { ...told, state }]]) };
}
