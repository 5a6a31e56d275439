import { complaintsReference } from '../adapters/feedback/smtp-listener.ts';
import { makeReturnPath } from '../adapters/mail/return-path.ts';
import { feedbackSensor } from '../app/rollout/judge-returned.ts';
import type { FeedbackFacts } from '../http/services.ts';
import { feedbackChannels } from './feedback-channels.ts';
import type { Installation } from './installation.ts';
import { returnPathSettings } from './mail-identity.ts';

/** What takes bounces and complaints at this installation, for whoever sets it up. */
export async function showFeedback({ config, keys, store }: Installation): Promise<FeedbackFacts> {
  const settings = returnPathSettings({ ...config, keys });
  return {
    channels: feedbackChannels(config),
    returnPathDomain: settings.domain,
    complaintsAddress: config.feedbackSmtpPort === null ? null : makeReturnPath(settings, complaintsReference),
    lastHeardSeconds: await store.transact((tx) => tx.rollouts.sensorAgeSeconds(feedbackSensor)),
  };
}
