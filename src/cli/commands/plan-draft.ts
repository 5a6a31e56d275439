import type { Command } from 'commander';
import { planRoutes } from '../../contract/plan.ts';
import type { FrozenPlanAnswer } from '../../contract/plan.ts';
import type { StreamLine } from '../../contract/stream-line.ts';
import { suspensionDaysMax, suspensionDaysStandard, suspensionReasons } from '../../domain/plan/suspension-terms.ts';
import type { SuspensionReason } from '../../domain/plan/suspension-terms.ts';
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
  readonly reason?: string;
  readonly expires?: string;
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
      ['--action <action>', 'reset (default), or suspend'],
      ['--reason <reason>', `of a suspension: ${suspensionReasons.join(', ')}; its holder reads our own words for it`],
      [
        '--expires <days>',
        `of a suspension: after how many days it lapses by itself (${suspensionDaysStandard}; at most ${suspensionDaysMax})`,
      ],
      ['--notice <name>', 'the notice template, taken in its newest version'],
      ['--pace <pace>', 'standard, or sample for the sample service'],
      ['--order <order>', 'interlocked (default), or contain-first when thieves are inside'],
      ['--budget <budget>', 'normal (default), or attack'],
    ],
    async run({ api, out }, _args, flags) {
      if (flags.evidence === undefined) throw new Failure('usage', 'A plan rests on evidence: --evidence BATCH');
      if (flags.notice === undefined)
        throw new Failure('usage', 'Say what people are told: --notice NAME (templates/notices has them)');
      const action = oneOf('--action', ['reset', 'suspend'], flags.action ?? 'reset');
      if (action === 'reset' && (flags.reason !== undefined || flags.expires !== undefined))
        throw new Failure('usage', 'Only a suspension has --reason and --expires: --action suspend');
      const lines = api.stream<StreamLine<{ readonly placed: number }, FrozenPlanAnswer>>(planRoutes.draft, {
        body: {
          evidence: flags.evidence.split(',').map((one) => requireBatch(one.trim())),
          action,
          suspension: action === 'suspend' ? termsOf(flags) : null,
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

function termsOf(flags: Flags): { readonly reason: SuspensionReason; readonly days: number } {
  if (flags.reason === undefined)
    throw new Failure('usage', `Say what the accounts are suspended for: --reason ${suspensionReasons.join(' | ')}`);
  const days = flags.expires === undefined ? suspensionDaysStandard : Number(flags.expires);
  if (!Number.isInteger(days) || days < 1 || days > suspensionDaysMax)
    throw new Failure('usage', `--expires is a number of days from 1 to ${suspensionDaysMax}, not "${flags.expires}".`);
  return { reason: oneOf('--reason', suspensionReasons, flags.reason), days };
}

function oneOf<Word extends string>(flag: string, words: readonly Word[], given: string): Word {
  const found = words.find((word) => word === given);
  if (found === undefined) throw new Failure('usage', `${flag} is ${words.join(' or ')}, not "${given}".`);
  return found;
}
