import type { Replayed } from './replay.ts';
import type { World, WorldOptions } from './world.ts';

/** How one world of a rig is tried. */
export interface Trials {
  /** How many times the rig does its worst in this world. */
  readonly times: number;
  readonly seed: number;
  /** A fault put in on purpose, under which the rig has to find something; null for none. */
  readonly planted: string | null;
}

/** The seed of a rig's first world, unless another is asked for; each next world has the next one. */
export const firstSeed = 2014;

/** A rig tries the same thing many times at random moments, in as many worlds as that takes, and counts what went wrong. */
export interface Rig {
  /** What is counted, as the option of the command line says it: `kills`. Also the name of N among the counts. */
  readonly counted: string;
  /** How many times one world bears; more of them are more worlds, each with another seed. */
  readonly perWorld: number;
  readonly planted: readonly string[];
  world(planted: string | null): WorldOptions;
  run(world: World, trials: Trials, say: (line: string) => void): Promise<Replayed>;
}

/** With nothing seen in N independent trials, the true rate is below this with 95 % confidence. */
export function upperBound(trials: number): number {
  return trials === 0 ? 1 : Math.min(1, 3 / trials);
}
