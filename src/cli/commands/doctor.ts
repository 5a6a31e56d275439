import type { Command } from 'commander';
import type { CheckFinding } from '../../app/doctor/finding.ts';
import { table } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

export function addDoctor(parent: Command, verbs: Verbs): void {
  addVerb(parent, verbs, {
    usage: 'doctor',
    summary:
      "looks at all that the installation needs, on the server's own machine, with its settings; changes nothing and sends nothing. Exit 1 if something fails",
    example: 'allclear doctor',
    async run({ out, world }) {
      const findings = await world.local.runDoctor();
      const isHealthy = findings.every((one) => one.verdict !== 'fail');
      out.data({ isHealthy, findings }, () => findingLines(findings));
      return isHealthy ? 0 : 1;
    },
  });
}

function findingLines(findings: readonly CheckFinding[]): readonly string[] {
  const count = (verdict: CheckFinding['verdict']): number => findings.filter((one) => one.verdict === verdict).length;
  return [
    ...table(
      ['', 'check', 'seen'],
      findings.map((one) => [one.verdict, one.check, one.seen]),
    ),
    '',
    ...findings.filter((one) => one.mend !== null).map((one) => `${one.verdict}  ${one.check}: ${one.mend}`),
    `${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} failing.`,
  ];
}
