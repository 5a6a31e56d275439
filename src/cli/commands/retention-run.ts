import type { Command } from 'commander';
import type { DueRetentionAnswer, RetentionReportAnswer } from '../../contract/retention.ts';
import { retentionRoutes } from '../../contract/retention.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { grouped } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addRetentionRun(parent: Command, verbs: Verbs): void {
  addVerb<{ readonly yes?: boolean }>(parent, verbs, {
    usage: 'run',
    summary:
      'destroys sealed passwords, line numbers and addresses whose time is over, as the server does every hour. Needs --yes',
    example: 'allclear retention run --yes --as ada',
    options: [['--yes', 'destroy it: there is no way back; without it the command only shows what is due']],
    async run({ api, out }, _args, flags) {
      if (flags.yes === true) {
        const done = await api.call(retentionRoutes.run, {});
        out.data(done, () => reportLines(done));
        return;
      }
      const due = await api.call(retentionRoutes.preview, {});
      out.data(due, () => dueLines(due));
      if (hasAny(due))
        throw new Failure('needs-confirmation', 'Nothing was destroyed. To do it now: allclear retention run --yes');
    },
  });
}

function hasAny({ plans, closed, batches, addresses }: DueRetentionAnswer): boolean {
  return plans.length + closed.length + batches.length + addresses.length > 0;
}

function dueLines(due: DueRetentionAnswer): readonly string[] {
  if (!hasAny(due)) return ['Nothing is due.'];
  const { plans, closed, batches, addresses } = due;
  return [
    ...plans.map(
      (one) => `${one.plan}: its key and ${grouped(one.sealed)} sealed passwords; last restore ${one.lastRestoreAt}`,
    ),
    ...closed.map(
      (one) => `${one.plan}: ${grouped(one.count)} sealed passwords of people who have theirs back or a newer`,
    ),
    ...batches.map((one) => `${one.batch}: its sealed line numbers; plans on it: ${one.plans.join(', ') || 'none'}`),
    ...addresses.map((one) => `${one.plan}: ${grouped(one.count)} addresses of people who need not be written to`),
  ];
}

function reportLines({ recovered, plans, closed, batches, addresses }: RetentionReportAnswer): readonly string[] {
  const lines = [
    ...plans.map(
      (one) => `${one.plan} is closed: its key and ${grouped(one.destroyed)} sealed passwords are destroyed.`,
    ),
    ...closed.map((one) => `${one.plan}: ${grouped(one.destroyed)} sealed passwords are destroyed.`),
    ...batches.map(
      (one) => `${one.batch}: sealed line numbers of ${grouped(one.destroyed)} pieces of evidence are destroyed.`,
    ),
    ...addresses.map((one) => `${one.plan}: ${grouped(one.erased)} addresses are erased.`),
  ];
  if (lines.length === 0) lines.push('Nothing was due.');
  if (recovered === null) lines.push('The directory is away: who has a newer password was not looked at.');
  else if (recovered > 0)
    lines.push(`${grouped(recovered)} people were found with a newer password; their old one goes in a week.`);
  return lines;
}
