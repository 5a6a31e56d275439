import { composeBulletin, isToldBulletins } from '../../domain/ledger/bulletin.ts';
import type { OperatorId } from '../../domain/shared/ids.ts';
import type { BulletinMailState, TakenBulletinMail } from '../ports/bulletin-store.ts';
import type { RehearsalTransport, SendOutcome } from '../ports/holder-transport.ts';
import type { LedgerEntry } from '../ports/ledger-store.ts';
import type { Operator } from '../../domain/approval/operator.ts';
import type { Store } from '../ports/store.ts';
import { operatorAddress } from '../plan/rehearsal-address.ts';

/** Mails of one round: a halt of everything tells some tens of people. */
const mailsAtOnce = 50;
/** Longer than the transport waits after the final dot: whatever is still marked then has no sender any more. */
const sendingSeconds = 900;
/** A minute, then twice as long each time, up to an hour: for a day, in which a proposed operator can still be objected to. */
const firstPauseSeconds = 60;
const longestPauseSeconds = 3_600;
const triesAtMost = 30;
/** The ledger keeps what they said. */
const keptDays = 90;
const forgottenAtOnce = 1_000;

export interface PlainMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** One and the same for each try of one mail. */
  readonly reference: string;
}

export interface SendBulletinsDeps {
  readonly store: Store;
  readonly transport: RehearsalTransport;
  readonly composeMail: (mail: PlainMail) => Promise<{ readonly envelopeFrom: string; readonly content: Uint8Array }>;
  readonly serviceName: string;
  readonly environment: string;
}

/**
 * Sends what is due, each mail at most once as far as can be known: it is marked before it is handed over, and one whose reply
 * was not heard is never sent again. The number of mails tried.
 */
export async function sendBulletins(deps: SendBulletinsDeps): Promise<number> {
  const { store } = deps;
  const taken = await store.transact(async (tx) => {
    await tx.bulletins.closeLost();
    await tx.bulletins.forget(keptDays, forgottenAtOnce);
    return tx.bulletins.take(mailsAtOnce, sendingSeconds);
  });
  if (taken.length === 0) return 0;
  const { operators, now } = await store.transact(async (tx) => ({
    operators: await tx.operators.list(),
    now: await tx.approvals.now(),
  }));
  for (const mail of taken) {
    const to = operators.find((one) => one.operatorId === mail.operatorId);
    const entry = await store.transact(async (tx) => (await tx.ledger.read('installation', mail.seq - 1, 1))[0]);
    const settled =
      to === undefined || !isToldBulletins(to, now) || entry === undefined
        ? ({ state: 'given-up', note: 'nobody to be told any more', againSeconds: 0 } as const)
        : await sendOne(deps, mail, entry, to, operators);
    await store.transact((tx) => tx.bulletins.settle(mail, settled.state, settled.note, settled.againSeconds));
  }
  return taken.length;
}

interface Settled {
  readonly state: BulletinMailState;
  readonly note: string | null;
  readonly againSeconds: number;
}

async function sendOne(
  deps: SendBulletinsDeps,
  mail: TakenBulletinMail,
  entry: LedgerEntry,
  to: Operator,
  operators: readonly Operator[],
): Promise<Settled> {
  const { serviceName, environment } = deps;
  const { subject, text } = composeBulletin(entry, { serviceName, environment, operators });
  const address = operatorAddress(to);
  const reference = `bulletin-${mail.bulletin}-${referenceOf(to.operatorId)}`;
  const { envelopeFrom, content } = await deps.composeMail({ to: address, subject, text, reference });
  return settledAs(await deps.transport.send({ envelopeFrom, envelopeTo: address, content }), mail.tries);
}

function referenceOf(operator: OperatorId): string {
  return operator.replace('_', '-');
}

function settledAs(outcome: SendOutcome, tries: number): Settled {
  switch (outcome.kind) {
    case 'accepted':
      return { state: 'sent', note: null, againSeconds: 0 };
    case 'unknown':
      return { state: 'unknown', note: 'no reply was heard after it was handed over', againSeconds: 0 };
    case 'refused':
      return { state: 'refused', note: `refused with ${outcome.enhanced ?? outcome.code}`, againSeconds: 0 };
    case 'deferred':
    case 'released': {
      const note =
        outcome.kind === 'deferred'
          ? `put off with ${outcome.enhanced ?? outcome.code}`
          : 'the mail server was not reached';
      if (tries >= triesAtMost) return { state: 'given-up', note, againSeconds: 0 };
      const againSeconds = Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** Math.min(tries - 1, 10));
      return { state: 'waiting', note, againSeconds };
    }
  }
}
