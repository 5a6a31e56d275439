import type { Track } from '../../domain/shared/track.ts';
import type { HolderAddress, HolderTransport, OutgoingMessage, SendOutcome } from '../ports/holder-transport.ts';
import type { MailRateLeases } from './mail-rates.ts';

export interface SendAtRateDeps {
  readonly transport: HolderTransport;
  readonly mailRates: MailRateLeases;
}

/** Nothing was begun, or it stopped before its dot, because the rate had no room: tried again no sooner than in `seconds`. */
interface WaitsForRate {
  readonly kind: 'waits';
  readonly seconds: number;
}

/** A mail that was not let out in its permit's time may be let out in the next one. */
const nextTrySeconds = 1;

/** Sends one message once its rates have room; `mayAct` ends the wait, `mayWriteDot` is the last look, as ever. */
export async function sendAtRate(
  { transport, mailRates }: SendAtRateDeps,
  message: OutgoingMessage<HolderAddress>,
  track: Track,
  mayAct: () => boolean,
  mayWriteDot: () => boolean,
): Promise<SendOutcome | WaitsForRate> {
  const seconds = mailRates.secondsUntil(message.envelopeTo, track);
  if (seconds > 0) return { kind: 'waits', seconds };
  const turn = await mailRates.begin(message.envelopeTo, track, mayAct);
  if (turn === null) return { kind: 'waits', seconds: nextTrySeconds };
  let hadLease = true;
  // The lease is looked at before the intent is noted: a mail without one is proved unsent. The fence comes last, in `mayWriteDot`.
  const mayLeave = (): boolean => (hadLease = turn.spend()) && mayWriteDot();
  try {
    const outcome = await transport.send(message, mayLeave, turn.beforeDot);
    const waits = outcome.kind === 'released' && !hadLease;
    return waits
      ? { kind: 'waits', seconds: Math.max(nextTrySeconds, secondsLeft(mailRates, message, track)) }
      : outcome;
  } finally {
    turn.end();
  }
}

function secondsLeft(rates: MailRateLeases, message: OutgoingMessage<HolderAddress>, track: Track): number {
  return rates.secondsUntil(message.envelopeTo, track);
}
