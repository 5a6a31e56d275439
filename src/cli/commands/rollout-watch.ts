import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { rolloutRoutes } from '../../contract/rollout.ts';
import type { RolloutStatusAnswer } from '../../contract/rollout.ts';
import { requireSubject } from '../require-ids.ts';
import { rolloutLines } from '../rollout-lines.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

/** As often as a person can read; each look is one small transaction. */
const lookEveryMs = 1_000;
const halted = 4;

export function addRolloutWatch(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'watch <plan>',
    summary: 'follows the rollout until it is finished (exit 0) or halted with nothing in flight (exit 4)',
    example: 'allclear rollout watch plan_81 --as ada',
    async run({ api, out }, args) {
      const subject = requireSubject(args[0]);
      let before = '';
      for (;;) {
        const status = await api.call(rolloutRoutes.status, { params: { subject } });
        const isLast = status.phase === 'finished' || status.phase === 'halted';
        const text = JSON.stringify({ ...status, readAt: null });
        if (out.flags.ndjson && text !== before) out.line(status);
        else if (!out.flags.json && !out.flags.ndjson && (out.repaints || text !== before))
          out.repaint(watchLines(status, out.repaints));
        if (isLast) {
          if (out.flags.json) out.data(status, () => []);
          return status.phase === 'halted' ? halted : 0;
        }
        before = text;
        await pause(lookEveryMs);
      }
    },
  });
}

/** Where nothing is repainted, a whole table per second buries its reader: one line per track is enough. */
function watchLines(status: RolloutStatusAnswer, repaints: boolean): readonly string[] {
  if (repaints) return rolloutLines(status);
  return status.tracks.map(
    (one) =>
      `${status.readAt} ${one.track} ${one.phase} wave ${one.wave.opened}/${one.wave.of}: ${Object.entries(one.counts)
        .map(([word, count]) => `${count} ${word}`)
        .join(', ')}`,
  );
}
