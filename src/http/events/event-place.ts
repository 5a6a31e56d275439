import type { EventPlace, RolloutEvent } from '../../app/rollout/read-events.ts';

/** The id of an event (`id:`): how far both chains were told with it. What comes as `Last-Event-ID` is one of these. */
export function idOf({ rollout, installation }: EventPlace): string {
  return `${rollout}-${installation}`;
}

/** Null for what is no id of ours. */
export function readId(text: string): EventPlace | null {
  const found = /^(0|[1-9][0-9]{0,14})-(0|[1-9][0-9]{0,14})$/.exec(text);
  return found === null ? null : { rollout: Number(found[1]), installation: Number(found[2]) };
}

export function isBeyond(event: RolloutEvent, place: EventPlace): boolean {
  return event.seq > place[event.chain];
}

export function placeAfter(event: RolloutEvent, place: EventPlace): EventPlace {
  return { ...place, [event.chain]: event.seq };
}

/** Whether everything up to `other` was told by then. */
export function covers(place: EventPlace, other: EventPlace): boolean {
  return place.rollout >= other.rollout && place.installation >= other.installation;
}

export function furthest(one: EventPlace, other: EventPlace): EventPlace {
  return {
    rollout: Math.max(one.rollout, other.rollout),
    installation: Math.max(one.installation, other.installation),
  };
}
