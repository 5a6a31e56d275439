import type { RolloutStatusAnswer, TrackStatusAnswer } from '../contract/rollout.ts';
import { countsInWords, grouped, pairs, table } from './table.ts';

/** A rollout for a person: tracks, waves, gates, counts that add up, and who is contained and untold. */
export function rolloutLines(status: RolloutStatusAnswer): readonly string[] {
  const { disputes, tracks } = status;
  return [
    ...pairs([
      [status.kind, `${status.subject}: ${status.phase}`],
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
    ...untoldLines(status),
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
