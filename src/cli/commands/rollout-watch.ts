import type { Command } from 'commander';
import type { RolloutStatusAnswer } from '../../contract/rollout.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { followRollout } from '../follow-rollout.ts';
import { requireSubject } from '../require-ids.ts';
import { rolloutLines } from '../rollout-lines.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

const halted = 4;

export function addRolloutWatch(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'watch <plan>',
    summary:
      'follows the rollout until it is finished (exit 0) or halted with nothing in flight (exit 4); --ndjson: every event',
    example: 'allclear rollout watch plan_81 --as ada',
    async run({ api, out }, args) {
      const subject = requireSubject(args[0]);
      for await (const event of followRollout(api, subject, (words) => out.talk(words))) {
        if (out.flags.ndjson) out.line(event);
        if (event.event !== 'status') continue;
        const status = event.data as RolloutStatusAnswer;
        if (!out.flags.json && !out.flags.ndjson) out.repaint(watchLines(status, out.repaints));
        if (status.phase !== 'finished' && status.phase !== 'halted') continue;
        if (out.flags.json) out.data(status, () => []);
        return status.phase === 'halted' ? halted : 0;
      }
      throw new Failure(
        'server-unavailable',
        `The server stopped telling how ${subject} goes. Ask again: allclear rollout status ${subject}`,
      );
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
