import type { Command } from 'commander';
import { evidenceRoutes } from '../../contract/evidence.ts';
import type { SelectionBody, WithdrawalPlanAnswer } from '../../contract/evidence.ts';
import { withdrawalCauses } from '../../domain/evidence/evidence.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { confirmAct, confirmOptions } from '../confirm-act.ts';
import type { ConfirmFlags } from '../confirm-act.ts';
import { readItems, readLineNumbers } from '../number-list.ts';
import { requireBatch } from '../require-ids.ts';
import { countsInWords, pairs } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags extends ConfirmFlags {
  readonly lines?: string;
  readonly accounts?: string;
  readonly cause?: string;
  readonly reason?: string;
}

export function addEvidenceWithdraw(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'withdraw <batch>',
    summary: 'takes evidence back, for one cause; no password is given back by it (that is: retract)',
    example:
      'allclear evidence withdraw batch_7 --cause rule-wrong --reason "matched the office" --yes --total 412 --as ada',
    options: [
      ['--lines <list>', 'only what these lines of the list support: 3,17-20 or @FILE'],
      ['--accounts <list>', 'only of these accounts: a,b or @FILE with one a line'],
      ['--cause <cause>', withdrawalCauses.join(', ')],
      ['--reason <text>', 'why, in words; kept beside the ledger'],
      ...confirmOptions,
    ],
    async run({ api, out }, args, flags) {
      const batch = requireBatch(args[0]);
      const cause = withdrawalCauses.find((one) => one === flags.cause);
      if (cause === undefined)
        throw new Failure('usage', `A withdrawal has one cause: --cause ${withdrawalCauses.join('|')}`);
      if (flags.reason === undefined)
        throw new Failure('usage', 'Say why, for those who read the ledger: --reason TEXT');
      const selection = await readSelection(flags);
      const preview = await api.call(evidenceRoutes.previewWithdrawal, { params: { batch }, body: { selection } });
      if (flags.yes !== true) out.data(preview, () => previewLines(preview));
      confirmAct(flags, preview.evidence, `allclear evidence withdraw ${batch} --cause ${cause} --reason TEXT`);
      const { reason } = flags;
      const done = await api.call(evidenceRoutes.withdraw, {
        params: { batch },
        body: { selection, cause, reason, total: preview.evidence },
      });
      out.data(done, () => [
        'Withdrawn.',
        ...previewLines(done),
        '',
        'What follows for the people of a plan: allclear retract PLAN',
      ]);
    },
  });
}

async function readSelection({ lines, accounts }: Flags): Promise<SelectionBody> {
  if (lines !== undefined && accounts !== undefined) {
    throw new Failure('usage', 'Name lines or accounts, not both: together it is unclear which is meant.');
  }
  if (lines !== undefined) return { kind: 'lines', lines: [...readLineNumbers(await readItems(lines))] };
  if (accounts !== undefined) return { kind: 'accounts', accounts: [...(await readItems(accounts))] };
  return { kind: 'all' };
}

function previewLines(plan: WithdrawalPlanAnswer): readonly string[] {
  return pairs([
    ['pieces of evidence', plan.evidence],
    ['of these', countsInWords(plan.byClass)],
    ['accounts', plan.accounts],
    ['still protected by other evidence', plan.heldByOther],
    ['kept, since other lines support it', plan.partlyCovered > 0 ? plan.partlyCovered : null],
    ['named accounts without evidence', plan.withoutEvidence > 0 ? plan.withoutEvidence : null],
  ]);
}
