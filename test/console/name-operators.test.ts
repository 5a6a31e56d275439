import { expect, it } from 'vitest';
import { nameOperators } from '../../console/src/design/name-operators.ts';

const names = new Map([
  ['operator_2', 'ben'],
  ['operator_21', 'dee'],
]);

it.each([
  ['The track tell is halted by operator_2: too many.', 'The track tell is halted by ben (operator_2): too many.'],
  ['operator_21 and operator_2', 'dee (operator_21) and ben (operator_2)'],
  ['by operator_9', 'by operator_9'],
  ['paused by ben (operator_2)', 'paused by ben (operator_2)'],
  ['nobody', 'nobody'],
])('whoever is named by id is named as people call them: %s', (text, named) => {
  expect(nameOperators(text, names)).toBe(named);
});
