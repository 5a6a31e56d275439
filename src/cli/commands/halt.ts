import type { Command } from 'commander';
import type { HaltResultAnswer } from '../../contract/rollout.ts';
import { rolloutRoutes } from '../../contract/rollout.ts';
import type { HaltScope } from '../../domain/rollout/halt-scope.ts';
import { Failure } from '../../domain/shared/failure.ts';
import type { FailureCode } from '../../domain/shared/failure.ts';
import { requireSubject } from '../require-ids.ts';
import { grouped, table } from '../table.ts';
import { tellQueue } from '../tell-queue.ts';
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
    async run(session, args, flags) {
      const { api, out, world, isDrill } = session;
      if (isDrill && flags.direct === true)
        throw new Failure(
          'usage',
          '--direct halts what is real; a drill is halted through its server: leave one of the two out.',
        );
      const subject = args[0] === undefined ? null : requireSubject(args[0]);
      const reason = flags.reason ?? 'halted by hand';
      const scope = scopeOf(flags);
      const request = { subject, scope, reason };
      const canGoPast = !isDrill && world.local.canHaltDirect();
      const answerWithinMs = canGoPast ? hurriedAnswerMs : haltAnswerMs;
      let isPast = flags.direct === true;
      const result: HaltResultAnswer = isPast
        ? await world.local.haltDirect(request)
        : await api.call(rolloutRoutes.halt, { body: request }, { answerWithinMs }).catch((error: unknown) => {
            if (!canGoPast || !isServersFault(error)) throw error;
            isPast = true;
            out.talk(`Halting past it, on this machine: ${error.message.split('\n')[0]}`);
            return world.local.haltDirect(request);
          });
      out.data(result, () => haltLines(result));
      if (result.entered && !isPast) await tellQueue(session, result);
      return result.entered ? 0 : partlyDone;
    },
  });
}

/** In force here, and not yet where every host reads it. */
const partlyDone = 5;

/** A server that works answers a halt within 4.5 s, also while its database hangs. */
const haltAnswerMs = 6_000;
/**
 * Whoever halts on the server's own machine can halt past it, and waits no longer than mail may go on after a halt (I10). A
 * server that is slower than this halts too, and halting twice is harmless.
 */
const hurriedAnswerMs = 1_000;

const serverFaults: readonly FailureCode[] = [
  'server-unavailable',
  'database-unavailable',
  'too-many-requests',
  'internal',
];

function isServersFault(error: unknown): error is Failure {
  return error instanceof Failure && serverFaults.includes(error.code);
}

function scopeOf({ contain, tell, all }: Flags): HaltScope {
  const named = [contain === true ? 'contain' : null, tell === true ? 'tell' : null, all === true ? 'all' : null];
  const [first, second] = named.filter((scope) => scope !== null);
  if (second !== undefined)
    throw new Failure('usage', 'Name one of --contain, --tell and --all. Without any, all of it halts.');
  return (first ?? 'all') as HaltScope;
}

function haltLines(result: HaltResultAnswer): readonly string[] {
  if (!result.entered) return notEnteredLines;
  if (result.rollouts.length === 0) return ['Nothing is running.'];
  return [
    result.alreadyHalted ? 'Nothing of this was running any more.' : 'Halted. Nothing resumes by itself.',
    ...table(
      ['rollout', 'halted now', 'in flight', 'handed over'],
      result.rollouts.map((one) => [one.subject, haltedWords(one), one.inFlight, one.handedOver]),
    ),
    ...handedOverLines(result),
    ...result.rollouts.slice(0, 1).map((one) => `Who is contained and untold: allclear rollout status ${one.subject}`),
  ];
}

function haltedWords({ halted, queues = [] }: HaltResultAnswer['rollouts'][number]): string {
  const words = [...halted, ...queues.map((track) => `${track} (mails in the queue)`)];
  return words.join(', ') || 'nothing: it stood already';
}

const notEnteredLines: readonly string[] = [
  'Halted on this host: nothing of it acts any more. The database could not be told.',
  'Workers of other hosts end with their permits, within 10 seconds, and can take none without the database.',
  'The halt is entered by itself as soon as the database answers. Then look: allclear rollout status PLAN',
];

function handedOverLines({ rollouts }: HaltResultAnswer): readonly string[] {
  const handedOver = rollouts.reduce((sum, one) => sum + one.handedOver, 0);
  if (handedOver === 0) return [];
  return [
    `${grouped(handedOver)} handed over, may still be in the provider's queue (at most), which a halt does not reach by itself.`,
  ];
}
