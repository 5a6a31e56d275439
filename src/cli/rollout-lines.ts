import type { RolloutStatusAnswer, TrackStatusAnswer } from '../contract/rollout.ts';
import { aboutHowLong } from '../domain/shared/duration-in-words.ts';
import { handedOverLines } from './handed-over-lines.ts';
import { signInLines } from './sign-in-lines.ts';
import { countsInWords, grouped, pairs, table } from './table.ts';

type HeldAnswer = NonNullable<RolloutStatusAnswer['goOn']>['over'][number];

/** A rollout for a person: tracks, waves, gates, counts that add up, and who is contained and untold. */
export function rolloutLines(status: RolloutStatusAnswer): readonly string[] {
  const { disputes, tracks } = status;
  return [
    ...pairs([
      [status.kind, `${status.subject}: ${status.phase}`],
      ['paused', status.pause == null ? null : `${status.pause.at} by ${status.pause.by}: ${status.pause.reason}`],
      ['started', status.startedAt],
      ['read', status.readAt],
      ['digest', status.digest],
      ['"this is not right"', `${grouped(disputes.counted)} counted, ${grouped(disputes.scanners)} like a scanner's`],
    ]),
    '',
    ...table(
      ['track', 'phase', 'wave', 'open to', 'people', 'in flight', 'counts'],
      tracks.map((one) => [
        one.track,
        one.phase,
        `${one.wave.opened}/${one.wave.of}`,
        one.wave.openTo,
        one.members,
        one.inFlight,
        countsInWords(one.counts),
      ]),
    ),
    ...tracks.flatMap(noteLines),
    ...handedOverLines(status.handedOver),
    ...goOnLines(status),
    ...untoldLines(status),
    ...(status.hours ?? []).map(
      (one) => `${one.track}: ${grouped(one.told)} people in the last hour; in any hour at most ${grouped(one.most)}`,
    ),
    ...rateLines(status),
    ...(status.drillWarning == null ? [] : ['', `Drill: ${status.drillWarning}. See: allclear drill list`]),
    ...recoveryLines(status),
    ...signInLines(status.signIns ?? null),
  ];
}

function noteLines(track: TrackStatusAnswer): readonly string[] {
  const { haltedAt, haltedBy, reasons, soakUntil, heldForHours, gates, phase } = track;
  const halted = phase === 'halted' ? [`halted ${haltedAt ?? ''} by ${haltedBy ?? 'nobody known'}`] : [];
  const soak = soakUntil !== null && phase === 'running' ? [`soaks until ${soakUntil}`] : [];
  const told = gates.map((gate) => `gate ${gate.gate}: ${gate.result}${gate.reason === '' ? '' : `, ${gate.reason}`}`);
  const held =
    heldForHours === null
      ? []
      : [`${grouped(heldForHours.people)} wait for morning where they live, next at ${heldForHours.nextAt}`];
  const notes = [...halted, ...reasons, ...held, ...soak, ...told];
  return notes.length === 0 ? [] : ['', track.track, ...notes.map((note) => `  ${note}`)];
}

/** What holds, and the recorded way on: never by itself, and never without two people. */
function goOnLines({ subject, goOn, tracks }: RolloutStatusAnswer): readonly string[] {
  if (goOn !== null) {
    return [
      '',
      'Two people can go on over what holds now; each wave after it is judged afresh:',
      ...goOn.over.map((one) => `  ${heldInWords(one)}`),
      `  allclear rollout resume ${subject} --over ...`,
    ];
  }
  const holds = tracks.some(
    (track) =>
      track.phase === 'running' &&
      track.reasons.length > 0 &&
      track.gates.some((gate) => gate.result === 'inconclusive' && gate.cause !== undefined),
  );
  return holds
    ? [
        '',
        `It holds until you act. Look at a sample of the people concerned (allclear explain); then halt it (allclear halt ${subject}),`,
        `and two people go on: allclear rollout resume ${subject} --over ... Or retract it: allclear retract ${subject}`,
      ]
    : [];
}

export function heldInWords({ track, wave, gate, cause, count }: HeldAnswer): string {
  return `${track}, wave ${wave}: gate ${gate}, ${cause}${count === 0 ? '' : ` (${count})`}`;
}

/** What may leave and what did: the answer to "why is it slow". */
function rateLines({ mailRate }: RolloutStatusAnswer): readonly string[] {
  if (mailRate === null) return [];
  const { limits, eachDomain = null, leastSecondsToGo } = mailRate;
  return [
    '',
    `Rate of mail${leastSecondsToGo === 0 ? '' : `: the rest takes at least ${aboutHowLong(leastSecondsToGo)}`}`,
    ...table(
      ['of', 'seconds', 'used', 'for notices', 'allowed', ''],
      limits.map((one) => [
        one.key,
        one.windowSeconds,
        one.used,
        one.forNotices,
        one.allowed,
        one.used >= one.forNotices ? 'full: notices wait for it' : '',
      ]),
    ).map((line) => `  ${line}`),
    ...(eachDomain === null ? [] : [`  ${eachDomainInWords(eachDomain)}`]),
  ];
}

function eachDomainInWords({
  limits,
  waiting,
  freeInSeconds,
}: NonNullable<NonNullable<RolloutStatusAnswer['mailRate']>['eachDomain']>): string {
  const allowed = limits.map((one) => `${grouped(one.forNotices)} notices in ${grouped(one.windowSeconds)} s`);
  const free = freeInSeconds === null ? '' : `, the first has room again in about ${aboutHowLong(freeInSeconds)}`;
  const wait = waiting === 0 ? 'none waits' : `${grouped(waiting)} ${waiting === 1 ? 'domain waits' : 'domains wait'}`;
  return `each other domain: ${allowed.join(', ')}; ${wait}${free}`;
}

function recoveryLines({ recoveries }: RolloutStatusAnswer): readonly string[] {
  if (recoveries.length === 0) return [];
  return [
    '',
    ...table(
      ['wave', 'contained', 'asked for a code', 'typed it', 'new password'],
      recoveries.map((wave) => [
        wave.wave,
        grouped(wave.contained),
        grouped(wave.asked),
        grouped(wave.typed),
        grouped(wave.done),
      ]),
    ),
  ];
}

function untoldLines({ containedUntold }: RolloutStatusAnswer): readonly string[] {
  if (containedUntold === null) return [];
  const { count, lanes, deadline, overdue } = containedUntold;
  const until = deadline === null ? '' : `; told or restored by ${deadline}${overdue ? ', which is OVER' : ''}`;
  const byLane = countsInWords(lanes);
  return [
    '',
    `Contained and untold: ${grouped(count)}${until}`,
    ...(byLane === '' ? [] : [`Contained, and never to be told by mail: ${byLane}`]),
  ];
}
