import type { Command } from 'commander';
import { approvalRoutes } from '../../contract/approval.ts';
import type { ApprovalSubject } from '../../domain/approval/approval-statement.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { isTypedId } from '../../domain/shared/ids.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addLedgerApprovals(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'approvals <subject>',
    summary:
      'every yes to a plan, a retraction, a loss or about a person, with all that it is verified with, one JSON line each',
    example: 'allclear ledger approvals plan_81 --as ada | node tools/verify-approvals.mjs',
    async run({ api, out }, args) {
      const subject = requireApproved(args[0]);
      const { entries } = await api.call(approvalRoutes.export, { params: { subject } });
      for (const entry of entries) out.line(entry);
    },
  });
}

function requireApproved(text: string | undefined): ApprovalSubject {
  if (text !== undefined && isTypedId('plan', text)) return text;
  if (text !== undefined && isTypedId('retraction', text)) return text;
  if (text !== undefined && isTypedId('operator', text)) return text;
  if (text !== undefined && isTypedId('loss', text)) return text;
  throw new Failure('usage', `"${text ?? ''}" is no plan, retraction, operator or loss; one looks like plan_81.`);
}
