import { postmarkNoticeField } from '../adapters/feedback/postmark-events.ts';
import { sendgridNoticeField } from '../adapters/feedback/sendgrid-events.ts';
import type { NoticeHeader } from '../app/ports/message-compiler.ts';
import type { Config } from '../config/config.ts';

/** What is configured to take bounces and complaints. What is not configured cannot be missed. */
export function feedbackChannels(config: Config): readonly string[] {
  return [
    ...(config.feedbackSmtpPort === null ? [] : ['smtp']),
    ...(config.feedbackSesTopic === null ? [] : ['ses']),
    ...(config.feedbackPostmarkLogin === null ? [] : ['postmark']),
    ...(config.feedbackSendgridKey === null ? [] : ['sendgrid']),
  ];
}

export function hasFeedbackChannel(config: Config): boolean {
  return feedbackChannels(config).length > 0;
}

/** The headers by which events of the configured providers name a notice. SES repeats our own; these two repeat only theirs. */
export function noticeHeadersFor(config: Config): readonly NoticeHeader[] {
  const headers: NoticeHeader[] = [];
  if (config.feedbackPostmarkLogin !== null)
    headers.push({ name: `X-PM-Metadata-${postmarkNoticeField}`, before: '', after: '' });
  if (config.feedbackSendgridKey !== null)
    headers.push({ name: 'X-SMTPAPI', before: `{"unique_args":{"${sendgridNoticeField}":"`, after: '"}}' });
  return headers;
}
