import { composePlainMessage } from '../adapters/mail/plain-message.ts';
import { makeRehearsalTransport } from '../adapters/mail/rehearsal-transport.ts';
import { gatherBulletins } from '../app/bulletin/gather-bulletins.ts';
import { sendBulletins } from '../app/bulletin/send-bulletins.ts';
import type { PlainMail } from '../app/bulletin/send-bulletins.ts';
import type { Config } from '../config/config.ts';
import type { Installation } from './installation.ts';
import { senderOf } from './mail-identity.ts';

/** A chain of 100,000 entries is caught up with in as many looks; the rest comes in the next round. */
const looksAtMost = 100;
const roundsAtMost = 20;
/** Few, and never in the way of what holders are sent. */
const connections = 1;

export interface BulletinsInput extends Pick<Installation, 'store' | 'deployment' | 'clock' | 'dkim'> {
  readonly config: Pick<Config, 'smtpUrl' | 'operatorMail' | 'mailFrom' | 'serviceName' | 'environment'>;
}

export interface Bulletins {
  /** One round: reads on in the ledger, then sends what is due. */
  round(): Promise<void>;
  close(): Promise<void>;
}

/** Mail to those who decide, over connections of its own: no permit lends it, and no halt stops it. */
export function makeBulletins({ config, store, deployment, clock, dkim }: BulletinsInput): Bulletins {
  const from = senderOf(config.mailFrom);
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  let addresses: ReadonlySet<string> = new Set();
  const transport =
    config.smtpUrl === null || config.operatorMail === 'off'
      ? null
      : makeRehearsalTransport({
          smtpUrl: config.smtpUrl,
          connections,
          isOperatorAddress: (address) => addresses.has(address),
          ...(dkim === null ? {} : { signMail: dkim.signMail }),
        });
  const why = config.smtpUrl === null ? 'no mailer is configured' : 'mail to operators is switched off';

  async function composeMail(
    mail: PlainMail,
  ): Promise<{ readonly envelopeFrom: string; readonly content: Uint8Array }> {
    const content = await composePlainMessage({
      from,
      to: mail.to,
      subject: mail.subject,
      text: mail.text,
      messageId: `<${mail.reference}.${deployment.deploymentId}@${domain}>`,
      date: clock.now(),
      feedbackId: `${deployment.deploymentId}:bulletin:allclear`,
    });
    return { envelopeFrom: from.address, content };
  }

  return {
    async round() {
      for (let look = 0; look < looksAtMost; look += 1) if (!(await gatherBulletins({ store }))) break;
      if (transport === null) {
        await store.transact((tx) => tx.bulletins.giveUpAll(why));
        return;
      }
      const operators = await store.transact((tx) => tx.operators.list());
      addresses = new Set(operators.map((one) => one.email));
      const { serviceName, environment } = config;
      for (let round = 0; round < roundsAtMost; round += 1)
        if ((await sendBulletins({ store, transport, composeMail, serviceName, environment })) === 0) break;
    },
    close: async () => transport?.close(),
  };
}
