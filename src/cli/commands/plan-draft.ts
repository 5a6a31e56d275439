import type { Command } from 'commander';
import { planRoutes } from '../../contract/plan.ts';
import type { FrozenPlanAnswer } from '../../contract/plan.ts';
import type { StreamLine } from '../../contract/stream-line.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { resultOf } from '../api-client.ts';
import { planLines } from '../plan-lines.ts';
import { requireBatch } from '../require-ids.ts';
import { grouped } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags {
  readonly evidence?: string;
  readonly action?: string;
  readonly notice?: string;
  readonly pace?: string;
  readonly order?: string;
  readonly budget?: string;
}

export function addPlanDraft(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'draft',
    summary: 'draws up and freezes a plan: the one way to make one, and it acts on nobody',
    example: 'allclear plan draft --evidence batch_7 --action reset --notice password-reset --as ada',
    options: [
      ['--evidence <batches>', 'one batch, or several with commas between'],
      ['--action <action>', 'reset'],
      ['--notice <name>', 'the notice template, taken in its newest version'],
      ['--pace <pace>', 'standard, or sample for the sample service'],
      ['--order <order>', 'interlocked (default), or contain-first when thieves are inside'],
      ['--budget <budget>', 'normal (default), or attack'],
    ],
    async run({ api, out }, _args, flags) {
      if (flags.evidence === undefined) throw new Failure('usage', 'A plan rests on evidence: --evidence BATCH');
      if (flags.notice === undefined)
        throw new Failure('usage', 'Say what people are told: --notice NAME (templates/notices has them)');
      const lines = api.stream<StreamLine<{ readonly placed: number }, FrozenPlanAnswer>>(planRoutes.draft, {
        body: {
          evidence: flags.evidence.split(',').map((one) => requireBatch(one.trim())),
          action: oneOf('--action', ['reset'], flags.action ?? 'reset'),
          notice: flags.notice,
          pace: flags.pace === undefined ? null : oneOf('--pace', ['standard', 'sample'], flags.pace),
          order: oneOf('--order', ['interlocked', 'contain-first'], flags.order ?? 'interlocked'),
          budget: oneOf('--budget', ['normal', 'attack'], flags.budget ?? 'normal'),
        },
      });
      const drafted = await resultOf(lines, ({ placed }) => out.progress(`${grouped(placed)} accounts looked at`));
      const plan = await api.call(planRoutes.show, { params: { plan: drafted.id } });
      out.data(plan, () => [
        ...planLines(plan),
        '',
        ...(plan.review.need === 'none'
          ? []
          : [`Each approver first looks at their own targets: allclear plan review ${plan.plan} --as NAME`]),
        `Nobody was acted on. Two others than ${plan.author} say yes:`,
        `  allclear plan approve ${plan.plan} --digest ${plan.digest} --total ${plan.counts.total} --key FILE --yes`,
      ]);
    },
  });
}

function oneOf<Word extends string>(flag: string, words: readonly Word[], given: string): Word {
  const found = words.find((word) => word === given);
  if (found === undefined) throw new Failure('usage', `${flag} is ${words.join(' or ')}, not "${given}".`);
  return found;
}
