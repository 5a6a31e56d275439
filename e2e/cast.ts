import type { Browser } from 'playwright-core';
import type { Person } from '../examples/chirp/population/ground-truth.ts';
import { desktop, openPerson, phone } from './browser.ts';
import { holderSteps } from './holder-steps.ts';
import type { HolderSteps } from './holder-steps.ts';
import { makeLookOver } from './look-over.ts';
import type { LookOver } from './look-over.ts';
import { operatorSteps } from './operator-steps.ts';
import type { OperatorSteps } from './operator-steps.ts';
import type { WatchedWorld } from './watched-world.ts';

/** Everybody at a browser of their own. Cho writes plans, which the other two say yes to; ben has only his phone. */
export interface Cast {
  readonly cho: OperatorSteps;
  readonly ann: OperatorSteps;
  readonly ben: OperatorSteps;
  readonly lookOver: LookOver;
  /** A holder with a phone; who it is may be known only later. */
  holder(person: Person): Promise<HolderSteps>;
  /** What any page of anybody complained of. */
  errors(): readonly string[];
}

export async function seatCast(browser: Browser, watched: WatchedWorld): Promise<Cast> {
  const { author, approvers } = watched.world.crew;
  const lookOver = makeLookOver();
  const seats = [
    await watched.seat(browser, author, desktop),
    await watched.seat(browser, approvers[0], desktop),
    await watched.seat(browser, approvers[1], phone),
  ] as const;
  const [cho, ann, ben] = seats;
  const all = [...seats];
  const steps = ({ page }: (typeof seats)[number]): OperatorSteps =>
    operatorSteps(page, watched.consoleUrl, (place) => lookOver.look(page, place));
  return {
    cho: steps(cho),
    ann: steps(ann),
    ben: steps(ben),
    lookOver,
    async holder(person) {
      const own = await openPerson(browser, phone);
      all.push(own);
      return holderSteps(own.page, watched, person, (page, place) => lookOver.look(page, place));
    },
    errors: () => all.flatMap(({ errors }) => errors),
  };
}
