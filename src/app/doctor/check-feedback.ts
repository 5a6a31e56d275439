import type { Store } from '../ports/store.ts';
import { feedbackSensor } from '../rollout/judge-returned.ts';
import type { CheckFinding } from './finding.ts';
import { doubtful, failing, sound } from './finding.ts';

/** The server beats once a second while every channel takes words; the gate on bounces waits no longer either. */
const silentSeconds = 10;

export interface FeedbackInput {
  readonly environment: 'sample' | 'staging' | 'production';
  /** What is configured to take bounces and complaints, by name. */
  readonly channels: readonly string[];
}

/** Whether anybody would hear that mail came back, or that it was reported as unwanted. */
export async function checkFeedback(store: Store, { environment, channels }: FeedbackInput): Promise<CheckFinding> {
  const check = 'feedback';
  if (channels.length === 0) {
    const seen = 'no channel is configured: bounces that come later, and complaints, are not seen';
    return environment === 'sample'
      ? sound(check, seen)
      : doubtful(
          check,
          seen,
          'Set one up: docs/recipes/feedback.md. Until then the gates see refusals in the SMTP dialogue only.',
        );
  }
  const names = channels.join(', ');
  const age = await store.transact((tx) => tx.rollouts.sensorAgeSeconds(feedbackSensor));
  return age !== null && age <= silentSeconds
    ? sound(check, `${names}: heard ${Math.round(age)} s ago`)
    : failing(
        check,
        `${names}: ${age === null ? 'never heard' : `silent for ${Math.round(age)} s`}`,
        'Start the server and see its log: while a channel cannot take words, no wave of notices is opened.',
      );
}
