import type { PlanId, RetractionId } from '../../domain/shared/ids.ts';
import type { Behind } from '../ports/standing-store.ts';
import type { StoredPause } from '../ports/pause-store.ts';
import { pauseGate, pauseInWords } from '../rollout/pause-rollout.ts';
import type { RolloutStatus, TrackStatus } from '../rollout/read-status.ts';

/** A worker beats several times a second while it is idle, and after each round of its steward otherwise. */
const workerAliveSeconds = 10;
/** The server beats it every two seconds; permits are lent only while it is younger than this. */
const sensorAliveSeconds = 10;

export interface Wrong {
  readonly what:
    | 'behind'
    | 'no-worker'
    | 'silent-sensor'
    | 'mail-held'
    | 'halted'
    | 'paused'
    | 'gate-failed'
    | 'held'
    | 'disputed'
    | 'untold';
  /** Null where it concerns everything. */
  readonly subject: PlanId | RetractionId | null;
  /** What is so, in a sentence. */
  readonly words: string;
  /** What to do next. */
  readonly next: string;
}

export interface LookedAt {
  readonly behind: Behind | null;
  /** Null where none was ever heard. */
  readonly workerSilentSeconds: number | null;
  readonly sensorAgeSeconds: number | null;
  readonly mailHolds: readonly { readonly why: string; readonly workers: number }[];
  readonly statuses: readonly RolloutStatus[];
  /** Plans that stand still since a retraction of theirs ended, each with that one: nobody has to do anything about their halt. */
  readonly putRight: ReadonlyMap<PlanId | RetractionId, RetractionId>;
}

/** What a person has to know before anything else, the gravest first. Empty: nothing is wrong as far as this looks. */
export function findWrong(seen: LookedAt): readonly Wrong[] {
  const isRunning = seen.statuses.some((status) => status.tracks.some((track) => track.phase === 'running'));
  return [
    ...behindOf(seen.behind),
    ...(isRunning ? silences(seen) : []),
    ...seen.mailHolds.map(({ why, workers }): Wrong => {
      const count = `${workers} worker${workers === 1 ? '' : 's'}`;
      return {
        what: 'mail-held',
        subject: null,
        words: `${count} hold${workers === 1 ? 's' : ''} mail back: ${why}.`,
        next: 'Mend the mail server or its settings. They look again within minutes, and nobody is given up for it.',
      };
    }),
    ...seen.statuses.flatMap((status) => {
      const by = seen.putRight.get(status.subject);
      return by === undefined ? ofRollout(status) : ofPutRight(status, by);
    }),
  ];
}

function behindOf(behind: Behind | null): readonly Wrong[] {
  if (behind === null) return [];
  return [
    {
      what: 'behind',
      subject: null,
      words: `This database may be older than the world: ${behind.reason}. Nothing is sent or acted on.`,
      next: 'On the server’s own machine: allclear ledger accept-restored. Two people sign it, here or by key. See docs/runbooks/restored-backup.md.',
    },
  ];
}

function silences({ workerSilentSeconds, sensorAgeSeconds }: LookedAt): readonly Wrong[] {
  const found: Wrong[] = [];
  if (workerSilentSeconds === null || workerSilentSeconds > workerAliveSeconds)
    found.push({
      what: 'no-worker',
      subject: null,
      words: `No worker was heard for ${workerSilentSeconds === null ? 'an hour' : `${Math.round(workerSilentSeconds)} s`}: nothing goes forward.`,
      next: 'Start one: npm start, or systemctl start allclear-worker@1.',
    });
  if (sensorAgeSeconds === null || sensorAgeSeconds > sensorAliveSeconds)
    found.push({
      what: 'silent-sensor',
      subject: null,
      words: 'The page that takes “this is not right” is not heard: no permit is lent until it is.',
      next: 'Look at the server’s log, and whether its own address can be reached: allclear doctor.',
    });
  return found;
}

function ofRollout(status: RolloutStatus): readonly Wrong[] {
  const { subject, disputes, containedUntold, pause } = status;
  const found: Wrong[] = [
    ...(pause == null ? [] : [pausedOf(status, pause)]),
    ...status.tracks.flatMap((track) => ofTrack(status, track)),
  ];
  if (disputes.counted > 0)
    found.push({
      what: 'disputed',
      subject,
      words: `${disputes.counted} ${disputes.counted === 1 ? 'person says' : 'people say'} “this is not right”.`,
      next: 'Look at their accounts before anything goes on.',
    });
  if (containedUntold?.overdue === true)
    found.push({
      what: 'untold',
      subject,
      words: `${containedUntold.count} people lost their password and were told nothing, and their deadline is over.`,
      next: 'Tell them by the late letter, or give back what was taken.',
    });
  return found;
}

/** Its halt, its gates and its disputes are answered; a letter of it may be halted, and somebody may know nothing still. */
function ofPutRight(status: RolloutStatus, by: RetractionId): readonly Wrong[] {
  const { subject, containedUntold } = status;
  const letters = status.tracks.filter(({ track }) => track !== 'contain' && track !== 'tell');
  const untold = containedUntold?.count ?? 0;
  return [
    ...letters.flatMap((track) => ofTrack(status, track)),
    ...(untold === 0
      ? []
      : [
          {
            what: 'untold' as const,
            subject,
            words: `It was put right by ${by}; ${untold === 1 ? '1 person stays protected and was' : `${untold} people stay protected and were`} told nothing.`,
            next: 'Tell them by the late letter: they cannot sign in and do not know why.',
          },
        ]),
  ];
}

function pausedOf({ subject }: RolloutStatus, pause: StoredPause): Wrong {
  return {
    what: 'paused',
    subject,
    words: `Nothing more of it begins: ${pauseInWords(pause)}.`,
    next: 'Resume it once two people know why it was paused, or halt it.',
  };
}

function ofTrack(
  { subject }: RolloutStatus,
  { track, phase, reasons, gates, haltedBy }: TrackStatus,
): readonly Wrong[] {
  if (phase === 'finished') return [];
  const failed = gates.filter((gate) => gate.result === 'fail');
  if (phase === 'halted')
    return [
      {
        what: failed.length > 0 ? 'gate-failed' : 'halted',
        subject,
        words: `The track ${track} is halted${haltedBy === null ? '' : ` by ${haltedBy}`}${whyOf([...reasons, ...failed.map((gate) => gate.reason)])}.`,
        next: 'Resume it once two people know why, or take the evidence back and draw up a retraction.',
      },
    ];
  // Waiting for a soak to end, or for the other track, is how it is meant to be.
  const held = gates.filter(
    ({ gate: name, ...gate }) =>
      name !== pauseGate && gate.result === 'inconclusive' && reasons.some((why) => why.includes(gate.reason)),
  );
  return held.map(({ gate, reason }): Wrong => ({
    what: 'held',
    subject,
    words: `The track ${track} waits at the gate “${gate}”: ${reason}.`,
    next: 'Halt it to look closer; two people may go on over what this gate says.',
  }));
}

/** A person in haste gives no reason. */
function whyOf(reasons: readonly string[]): string {
  const given = [...new Set(reasons)].filter((reason) => reason !== '');
  return given.length === 0 ? '' : `: ${given.join('; ')}`;
}
