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

export const liftedWords: Readonly<Record<NonNullable<Appeal['lifted']>, string>> = {
  reinstated: 'open again',
  waits: 'is let back in as soon as the directory answers',
  'not-suspended': 'carried no suspension of ours any more',
  'suspended-by-service': 'ours is taken back; the service itself keeps it suspended',
  missing: 'is gone from the directory',
};

/** Whether deciding alike once more would tell its holder, or let them in, at last. */
export function mayTellAgain({ decision, told, lifted }: Appeal): boolean {
  return decision !== null && ((told !== 'accepted' && told !== 'unknown') || lifted === 'waits');
}
