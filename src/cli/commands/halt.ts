import type { Command } from 'commander';
import type { HaltResultAnswer } from '../../contract/rollout.ts';
import { rolloutRoutes } from '../../contract/rollout.ts';
import type { HaltScope } from '../../domain/rollout/halt-scope.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { requireSubject } from '../require-ids.ts';
import { table } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags {
  readonly contain?: boolean;
  readonly tell?: boolean;
  readonly all?: boolean;
  readonly direct?: boolean;
  readonly reason?: string;
}

export function addHalt(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'halt [plan]',
    summary:
      'stops at once: one rollout, or without a plan every one, corrections too. Asks nothing; repeating it is harmless',
    example: 'allclear halt plan_81 --reason "people write that nothing happened" --as ada',
    options: [
      ['--contain', 'only what is done to accounts'],
      ['--tell', 'only mail'],
      ['--all', 'both (default)'],
      ['--direct', "past the server: in the database and at the fence of this machine, with the server's own settings"],
      ['--reason <text>', 'why, for those who read the status'],
    ],
    async run({ api, out, world }, args, flags) {
      const subject = args[0] === undefined ? null : requireSubject(args[0]);
      const reason = flags.reason ?? 'halted by hand';
      const scope = scopeOf(flags);
      const result: HaltResultAnswer =
        flags.direct === true
          ? await world.local.haltDirect({ subject, scope, reason })
          : await api.call(rolloutRoutes.halt, { body: { subject, scope, reason } });
      out.data(result, () => haltLines(result));
    },
  });
}

function scopeOf({ contain, tell, all }: Flags): HaltScope {
  const named = [contain === true ? 'contain' : null, tell === true ? 'tell' : null, all === true ? 'all' : null];
  const [first, second] = named.filter((scope) => scope !== null);
  if (second !== undefined)
    throw new Failure('usage', 'Name one of --contain, --tell and --all. Without any, all of it halts.');
  return (first ?? 'all') as HaltScope;
}

function haltLines(result: HaltResultAnswer): readonly string[] {
  if (result.rollouts.length === 0) return ['Nothing is running.'];
  return [
    result.alreadyHalted ? 'Nothing of this was running any more.' : 'Halted. Nothing resumes by itself.',
    ...table(
      ['rollout', 'halted now', 'in flight'],
      result.rollouts.map((one) => [one.subject, one.halted.join(', ') || 'nothing: it stood already', one.inFlight]),
    ),
    ...result.rollouts.slice(0, 1).map((one) => `Who is contained and untold: allclear rollout status ${one.subject}`),
  ];
}
