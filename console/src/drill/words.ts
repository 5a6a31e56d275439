import type { Answer } from '../api/routes.ts';
import type { Tone } from '../design/Tag.tsx';

export type Drill = Answer<'get /api/v1/drills/{drill}'>;
export type Standing = Answer<'get /api/v1/drills'>['standing'];
export type Stage = NonNullable<Drill['progress']>['stage'];

export const drillTones: Readonly<Record<Drill['state'], Tone>> = { running: 'waits', passed: 'good', failed: 'wrong' };

export const standingWords: Readonly<Record<Standing, string>> = {
  'not-asked': 'no drill is asked for',
  fresh: 'stands',
  'due-soon': 'lapses soon',
  lapsed: 'lapsed',
  never: 'not there yet',
};

export const standingTones: Readonly<Record<Standing, Tone>> = {
  'not-asked': 'plain',
  fresh: 'good',
  'due-soon': 'waits',
  lapsed: 'wrong',
  never: 'wrong',
};

/** In their order; what is done by machine and what waits for people. */
export const stages: readonly (readonly [Stage, string])[] = [
  ['preparing', 'A database, made-up people and a mailbox are made'],
  ['agreeing', 'Somebody says yes to its plan'],
  ['telling', 'People are told something wrong: somebody halts it'],
  ['draining', 'What was in flight ends; the evidence is withdrawn'],
  ['approving', 'Two people approve the retraction'],
  ['restoring', 'Passwords are given back, corrections are sent'],
  ['judging', 'Everybody is compared with what was true from the beginning'],
];
