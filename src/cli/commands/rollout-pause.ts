import type { Command } from 'commander';
import { rolloutRoutes } from '../../contract/rollout.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { requireSubject } from '../require-ids.ts';
import { grouped } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags {
  readonly reason?: string;
}

export function addRolloutPause(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'pause <plan>',
    summary: 'nothing more of it begins, and what was begun is finished; one person may, and two resume it. No halt',
    example: 'allclear rollout pause plan_81 --reason "the support desk is full" --as ada',
    options: [['--reason <text>', 'why, for those who read the status']],
    async run({ api, out }, args, flags) {
      const subject = requireSubject(args[0]);
      const reason = flags.reason?.trim() ?? '';
      if (reason === '')
        throw new Failure(
          'usage',
          `Say why, for those who are to resume it: --reason TEXT. In haste: allclear halt ${subject}`,
        );
      const paused = await api.call(rolloutRoutes.pause, { params: { subject }, body: { reason } });
      out.data(paused, () => [
        paused.alreadyPaused
          ? `${subject} was paused already, ${paused.pause.at} by ${paused.pause.by}. Nothing was changed.`
          : `${subject} is paused: no permit is lent on ${paused.tracks.join(' and ')}.`,
        `${grouped(paused.inFlight)} people in open permits are still finished; to cut those off: allclear halt ${subject}`,
        'Two people resume it, as after a halt:',
        `  allclear rollout resume ${subject} --digest D --total N --key FILE --yes`,
      ]);
    },
  });
}
