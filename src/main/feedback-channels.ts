import type { Config } from '../config/config.ts';

/** Whether anything is configured that takes bounces and complaints. What is not configured cannot be missed. */
export function hasFeedbackChannel(config: Config): boolean {
  return (
    config.feedbackSmtpPort !== null ||
    config.feedbackSesTopic !== null ||
    config.feedbackPostmarkLogin !== null ||
    config.feedbackSendgridKey !== null
  );
}
