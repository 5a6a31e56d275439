import { postmarkNoticeField } from '../adapters/feedback/postmark-events.ts';
import { sendgridNoticeField } from '../adapters/feedback/sendgrid-events.ts';
import type { NoticeHeader } from '../app/ports/message-compiler.ts';
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

/** The headers by which events of the configured providers name a notice. SES repeats our own; these two repeat only theirs. */
export function noticeHeadersFor(config: Config): readonly NoticeHeader[] {
  const headers: NoticeHeader[] = [];
  if (config.feedbackPostmarkLogin !== null)
    headers.push({ name: `X-PM-Metadata-${postmarkNoticeField}`, before: '', after: '' });
  if (config.feedbackSendgridKey !== null)
    headers.push({ name: 'X-SMTPAPI', before: `{"unique_args":{"${sendgridNoticeField}":"`, after: '"}}' });
  return headers;
}
