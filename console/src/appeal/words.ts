import type { Answer } from '../api/routes.ts';

export type Appeal = Answer<'get /api/v1/appeals/{appeal}'>;
export type Decision = NonNullable<Appeal['decision']>;

export const decisionWords: Readonly<Record<Decision, string>> = {
  granted: 'granted: its holder is right',
  declined: 'declined: the notice stands',
};

export const toldWords: Readonly<Record<NonNullable<Appeal['told']>, string>> = {
  accepted: 'told by mail',
  refused: 'not told: their mail server refused it',
  unknown: 'perhaps told: nobody knows whether it arrived',
  unsent: 'not told yet',
};

/** Whether deciding alike once more would tell its holder at last. */
export function mayTellAgain({ decision, told }: Appeal): boolean {
  return decision !== null && told !== 'accepted' && told !== 'unknown';
}
