import { isAboutSender } from '../../domain/notice/bounce-class.ts';
import { assertNever } from '../../domain/shared/assert-never.ts';
import { rateClassOf } from '../../domain/rate/mail-rates.ts';
import type { Track } from '../../domain/shared/track.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReleaseCause, SendOutcome, SendPhase } from '../ports/holder-transport.ts';

/** Greylisting asks for a second try by the same sender after a while: 300 s is the usual least (RFC 6647 4.1). */
const greylistSeconds = 300;
/** One 4xx may be about one mailbox. So many in a row, with no mail taken between them, are about the domain. */
const deferralsInRow = 3;
/** Notices leave a domain alone one refusal sooner: what is left of its patience is for corrections. */
const deferralsBeforeNoticesPause = 2;
const domainPauseMaxSeconds = 3_600;
/** Domains that refuse us as such, one after another with no mail taken between them: then it is the mail server, or all see us alike. */
const refusingDomainsInRow = 3;
/** Domains remembered; beyond, the oldest is forgotten, which costs one more try. */
const domainsMax = 10_000;

/** First and longest pause of the whole mail server, in seconds; each failure in a row doubles it. */
const pauses = {
  /** A connection that fails: back at once when the server is. */
  away: { first: 1, longest: 60 },
  /** 4xx to us, not to a recipient: RFC 5321 3.8 says to come back later. */
  busy: { first: 5, longest: 300 },
  /** A certificate or a login: a person mends it, and must not wait long for us to see it. */
  refused: { first: 30, longest: 300 },
} as const;

export interface MailPauses {
  /** Why nobody is mailed now, in words; null while the mail server may be asked. */
  heldBy(): string | null;
  /** In words, that domains refuse our mail as such and wait for a person; null while none does. */
  refusedBy(): string | null;
  /** Whole seconds until an address of this domain may be tried by a mail of this track; 0 now. */
  secondsUntil(address: string, track: Track): number;
  /** Learns from one outcome. Answers the least whole seconds until this very mail may be tried again; 0 for no wish. */
  learn(address: string, outcome: SendOutcome, retrySeconds: number): number;
}

interface Pause {
  readonly untilMs: number;
  /** Pauses one after another, with no mail taken between them. */
  readonly inRow: number;
}

interface DomainPause extends Pause {
  readonly deferrals: number;
  readonly noticesUntilMs: number;
  /** The status by which it refuses our mail as such; null where it only asks to come back later. */
  readonly refusal: string | null;
}

/**
 * What one worker remembers of mail servers that want to be left alone, for all its hands: the next hop as a whole, and
 * each recipient's domain. It is lost with the worker, which then learns it anew from one refusal per domain.
 */
export function makeMailPauses(clock: Pick<Clock, 'monotonicMs'>): MailPauses {
  let server: (Pause & { readonly why: string }) | null = null;
  const domains = new Map<string, DomainPause>();
  /** Domains that refused us as such since any mail was taken, as many as count. */
  const refusingInRow = new Set<string>();

  /** Nobody is refused: its people wait, and everybody's do where domain after domain says the same. */
  function refuseUs(domain: string, outcome: SendOutcome & { readonly kind: 'refused' }, retrySeconds: number): number {
    const status = outcome.enhanced === undefined ? `${outcome.code}` : `${outcome.code} ${outcome.enhanced}`;
    if (refusingInRow.size < refusingDomainsInRow) refusingInRow.add(domain);
    if (refusingInRow.size >= refusingDomainsInRow)
      pauseServer(
        pauses.refused,
        `domain after domain refuses our mail as such (${status} to RCPT): relaying, a block list, or a sender that they do not take`,
      );
    return deferDomain(domain, true, retrySeconds, status);
  }

  function pauseServer({ first, longest }: { first: number; longest: number }, why: string): void {
    const now = clock.monotonicMs();
    // Mails that were under way together fail together, and count as one failure.
    if (server !== null && server.untilMs > now) return;
    const inRow = (server?.inRow ?? 0) + 1;
    server = { untilMs: now + lasting(first, longest, inRow) * 1_000, inRow, why };
  }

  function deferDomain(domain: string, isSure: boolean, retrySeconds: number, refusal: string | null = null): number {
    const now = clock.monotonicMs();
    const before = domains.get(domain) ?? { untilMs: 0, noticesUntilMs: 0, inRow: 0, deferrals: 0, refusal: null };
    if (before.untilMs > now) return secondsBetween(now, before.untilMs);
    const deferrals = before.deferrals + 1;
    const pauses = isSure || deferrals >= deferralsInRow;
    const inRow = before.inRow + (pauses ? 1 : 0);
    const seconds = pauses ? lasting(retrySeconds, domainPauseMaxSeconds, inRow) : 0;
    domains.delete(domain);
    if (domains.size >= domainsMax) domains.delete([...domains.keys()][0] ?? '');
    const noticesPause = pauses || deferrals >= deferralsBeforeNoticesPause;
    const noticesSeconds = noticesPause ? lasting(retrySeconds, domainPauseMaxSeconds, Math.max(1, inRow)) : 0;
    domains.set(domain, {
      untilMs: now + seconds * 1_000,
      noticesUntilMs: Math.max(before.noticesUntilMs, now + noticesSeconds * 1_000),
      inRow,
      deferrals: pauses ? 0 : deferrals,
      refusal,
    });
    return seconds;
  }

  return {
    heldBy: () => (server !== null && server.untilMs > clock.monotonicMs() ? server.why : null),

    refusedBy() {
      const now = clock.monotonicMs();
      const refusing = [...domains.values()].filter(({ refusal, untilMs }) => refusal !== null && untilMs > now);
      const [first] = refusing;
      if (first === undefined) return null;
      const count =
        refusing.length === 1 ? 'one recipient domain refuses' : `${refusing.length} recipient domains refuse`;
      return `${count} our mail as such (${first.refusal}); people there wait, and none of them counts as refused`;
    },

    secondsUntil(address, track) {
      const pause = domains.get(domainOf(address));
      if (pause === undefined) return 0;
      const untilMs = rateClassOf(track) === 'ordinary' ? pause.noticesUntilMs : pause.untilMs;
      return secondsBetween(clock.monotonicMs(), untilMs);
    },

    learn(address, outcome, retrySeconds) {
      switch (outcome.kind) {
        case 'accepted':
          server = null;
          domains.delete(domainOf(address));
          refusingInRow.clear();
          return 0;
        case 'refused':
          if (isHeld(outcome)) return refuseUs(domainOf(address), outcome, retrySeconds);
          if (!isOfServer(outcome.phase)) server = null;
          return 0;
        case 'deferred':
          if (isOfServer(outcome.phase)) {
            pauseServer(pauses.busy, `the mail server asks to come back later (${outcome.code})`);
            return 0;
          }
          server = null;
          if (isGreylisting(outcome)) return greylistSeconds;
          return deferDomain(domainOf(address), outcome.code === 421, retrySeconds);
        case 'released':
          learnRelease(outcome);
          return 0;
        case 'unknown':
          return 0;
        default:
          return assertNever(outcome);
      }
    },
  };

  function learnRelease({ phase, cause, why }: SendOutcome & { readonly kind: 'released' }): void {
    if (cause === undefined) return;
    if (needsPerson(cause))
      pauseServer(pauses.refused, `the mail server cannot be used until somebody mends it: ${why}`);
    else if (isOfServer(phase) && cause !== 'closing' && cause !== 'busy')
      pauseServer(pauses.away, `the mail server is away: ${why}`);
  }
}

/** Refused before the dot for what we are: a hold, and no verdict on the person (RFC 3463 3.8). */
export function isHeld(outcome: SendOutcome): outcome is SendOutcome & { readonly kind: 'refused' } {
  const { kind } = outcome;
  return kind === 'refused' && (outcome.phase === 'envelope' || outcome.phase === 'data') && isAboutSender(outcome);
}

/** The session, and no recipient, was answered. */
function isOfServer(phase: SendPhase): boolean {
  return phase === 'connecting' || phase === 'greeted';
}

function needsPerson(cause: ReleaseCause): boolean {
  return cause === 'untrusted' || cause === 'login' || cause === 'turned-away';
}

/** RFC 6647 2.4 and 5: 450 or 451 with 4.7.1 is how it is mostly said. */
function isGreylisting({ code, enhanced, reply }: SendOutcome & { readonly kind: 'refused' | 'deferred' }): boolean {
  return code < 452 && code >= 450 && (enhanced === '4.7.1' || /gr[ae]y-?list/i.test(reply));
}

function lasting(first: number, longest: number, inRow: number): number {
  return Math.min(longest, first * 2 ** Math.min(inRow - 1, 20));
}

function secondsBetween(fromMs: number, toMs: number): number {
  return Math.max(0, Math.ceil((toMs - fromMs) / 1_000));
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
