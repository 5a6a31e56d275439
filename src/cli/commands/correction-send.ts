import type { Command } from 'commander';
import { correctionRoutes } from '../../contract/correction.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { confirmAct, confirmOptions } from '../confirm-act.ts';
import type { ConfirmFlags } from '../confirm-act.ts';
import { requirePlan } from '../require-ids.ts';
import { pairs } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags extends ConfirmFlags {
  readonly holding?: boolean;
  readonly late?: boolean;
}

export function addCorrectionSend(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'send <plan>',
    summary: 'sends a letter that was approved with the plan: one person, at once, no new approval',
    example: 'allclear correction send plan_81 --holding --yes --total 57 --as ada',
    options: [
      ['--holding', '"we are checking", to everyone whom the notice reached or may have reached'],
      ['--late', 'to everyone who was contained and told nothing'],
      ...confirmOptions,
    ],
    async run({ api, out }, args, flags) {
      const plan = requirePlan(args[0]);
      if ((flags.holding === true) === (flags.late === true))
        throw new Failure('usage', 'Say which letter: --holding or --late');
      const kind = flags.holding === true ? 'holding' : 'late';
      const params = { plan, kind } as const;
      const preview = await api.call(correctionRoutes.preview, { params });
      const lines = pairs([
        ['letter', kind],
        ['recipients', preview.recipients],
        ['of these in conditional words', preview.conditional],
        ['state', preview.goesOn ? 'begun and halted: it goes on' : null],
      ]);
      if (flags.yes !== true) out.data({ ...params, ...preview }, () => lines);
      confirmAct(flags, preview.recipients, `allclear correction send ${plan} --${kind}`);
      const sent = await api.call(correctionRoutes.send, { params, body: { total: preview.recipients } });
      out.data({ ...params, ...sent }, () => [
        `The ${kind} letter is on its way.`,
        ...lines,
        `  allclear rollout watch ${plan}`,
      ]);
    },
  });
}
