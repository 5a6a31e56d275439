import type { Command } from 'commander';
import { appealRoutes } from '../../contract/appeal.ts';
import type { AppealAnswer } from '../../contract/appeal.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { appealLines } from '../appeal-lines.ts';
import { requireAppeal } from '../require-ids.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags {
  readonly granted?: boolean;
  readonly declined?: boolean;
  readonly reason?: string;
  readonly yes?: boolean;
}

export function addAppealDecide(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'decide <appeal>',
    summary:
      'decides an appeal and tells its holder by mail; granting one about a suspension lets that account back in',
    example: 'allclear appeal decide appeal_3 --declined --reason "The leaked password works on it." --yes --as ada',
    options: [
      ['--granted', 'its holder is right: our notice was a mistake'],
      ['--declined', 'the notice stands'],
      ['--reason <text>', 'why, for your colleagues; the holder reads our own words'],
      ['--yes', 'do it; without it nothing is decided'],
    ],
    async run({ api, out }, args, flags) {
      const appeal = requireAppeal(args[0]);
      if ((flags.granted === true) === (flags.declined === true))
        throw new Failure('usage', 'Say one of --granted and --declined.');
      const decision = flags.granted === true ? 'granted' : 'declined';
      const reason = flags.reason?.trim() ?? '';
      if (reason === '') throw new Failure('usage', 'Say why, for your colleagues: --reason TEXT');
      if (flags.yes !== true)
        throw new Failure(
          'needs-confirmation',
          `Nothing was decided. To have ${appeal} ${decision} and its holder told: the same command with --yes`,
        );
      const decided = await api.call(appealRoutes.decide, { params: { appeal }, body: { decision, reason } });
      out.data(decided, () => appealLines(decided));
      if (decided.told !== 'accepted')
        out.talk(`Its holder could not be told (${decided.told ?? 'not tried'}). Try again with the same command.`);
      if (decision === 'granted' && decided.about === 'suspend')
        out.talk(liftInWords(decided.lifted ?? 'waits', decided.plan));
      if (decision === 'granted' && decided.about === 'reset')
        out.talk(
          'Nothing was given back by this. What the notice stands on: allclear explain ' + decided.noticeNumber,
          `Then withdraw that evidence, and: allclear retract ${decided.plan}`,
        );
    },
  });
}

function liftInWords(lifted: NonNullable<AppealAnswer['lifted']>, plan: string): string {
  switch (lifted) {
    case 'reinstated':
      return 'The account is open again, and the evidence about it is withdrawn.';
    case 'waits':
      return 'The directory did not answer: the account is let back in as soon as it does. Try again with the same command, or wait.';
    case 'not-suspended':
      return `The account no longer carried the suspension of ${plan}: there was nothing to lift. Its evidence is withdrawn.`;
    case 'suspended-by-service':
      return 'Our suspension is taken back. The service itself keeps the account suspended: ask whoever did that.';
    case 'missing':
      return 'The directory no longer has the account. Its evidence is withdrawn.';
  }
}
