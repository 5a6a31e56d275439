import { enterHalt } from './halt-rollout.ts';
import type { HaltDeps, HaltResult } from './halt-rollout.ts';

/** Who halted a track that a restart halted: nobody doubted it. */
export const restartHalter = 'server-restart';

/** A server that comes up, after whatever ended the one before, finds everything halted until people resume it (I12). */
export async function haltAfterRestart(deps: HaltDeps): Promise<HaltResult> {
  return enterHalt(deps, {
    subject: null,
    scope: 'all',
    by: restartHalter,
    reason: 'the server was started anew; nothing resumes by itself',
  });
}
