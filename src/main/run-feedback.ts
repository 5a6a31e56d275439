import { connect } from 'node:net';
import { startFeedbackListener } from '../adapters/feedback/smtp-listener.ts';
import type { FeedbackListener } from '../adapters/feedback/smtp-listener.ts';
import { readReturnPath } from '../adapters/mail/return-path.ts';
import { takeReport } from '../app/notice/take-report.ts';
import type { Installation } from './installation.ts';
import { returnPathSettings } from './mail-identity.ts';

/** A listener of our own machine greets at once. */
const greetingMs = 2_000;

export interface RunningFeedback {
  /** Port of the listener for mail that comes back; null where none is configured. */
  readonly smtpPort: number | null;
  /** Whether mail that comes back could be taken now. True where none is taken. */
  isListening(): Promise<boolean>;
  stop(): Promise<void>;
}

/** Takes bounces, complaints and auto-replies by SMTP, where a port for them is configured. */
export async function runFeedback(installation: Installation): Promise<RunningFeedback> {
  const { config, log, store, addressKey } = installation;
  const { feedbackSmtpHost: host, feedbackSmtpPort: port } = config;
  if (port === null)
    return {
      smtpPort: null,
      isListening: () => Promise.resolve(true),
      stop: () => Promise.resolve(),
    };
  const settings = returnPathSettings({ ...config, keys: installation.keys });
  const listener: FeedbackListener = await startFeedbackListener({
    host,
    port,
    readReference: (address) => {
      const read = readReturnPath(settings, address);
      return read.kind === 'genuine' ? read.reference : null;
    },
    onReport: async (reference, report) => {
      const taken = await takeReport({ store, addressKey }, reference, report);
      log.info({ report: report.kind, taken: taken.kind }, 'a mail came back');
      if (taken.kind === 'contradicts')
        log.error(
          { reference, state: taken.state },
          'a mail that our rows call unsent was delivered: this database may be older than the world; halt, and see the runbook on restored backups',
        );
      return taken.kind === 'not-yet' ? 'later' : 'taken';
    },
    warn: (message) => log.warn(message),
  });
  return {
    smtpPort: listener.port,
    isListening: () => isGreeting(host, listener.port),
    stop: () => listener.stop(),
  };
}

/** Whether the listener answers a newcomer: not so when strangers hold all its lines. */
function isGreeting(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: host === '0.0.0.0' || host === '::' ? 'localhost' : host, port });
    const end = (greeted: boolean): void => {
      socket.destroy();
      resolve(greeted);
    };
    socket.setTimeout(greetingMs, () => end(false));
    socket.once('data', (bytes) => end(bytes.toString('latin1').startsWith('220')));
    socket.once('error', () => end(false));
    socket.once('close', () => resolve(false));
  });
}
