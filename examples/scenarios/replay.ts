import type { World, WorldOptions } from './world.ts';

/** What a replay of an accident found in the world. */
export interface Replayed {
  readonly counts: Readonly<Record<string, number>> & { readonly wrong: number };
  /** One line per person of whom anything is not as it has to be. */
  readonly findings: readonly string[];
}

/** One accident: the world it needs, and its telling. */
export interface Replay {
  readonly world: WorldOptions;
  readonly run: (world: World, say: (line: string) => void) => Promise<Replayed>;
}

/** Waves and soaks of a few seconds: every brake is there, and nobody has to wait for it. */
export const shortWaves = {
  ALLCLEAR_LIMIT_TELL_WAVE_SIZES: '10,50,1000',
  ALLCLEAR_LIMIT_TELL_SOAK_SECONDS: '0',
  ALLCLEAR_LIMIT_CONTAIN_WAVE_SIZES: '10,50,1000',
  ALLCLEAR_LIMIT_CONTAIN_SOAK_SECONDS: '0',
} as const;
