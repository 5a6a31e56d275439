import type { DrillAnswer, DrillListAnswer } from '../contract/drill.ts';
import { grouped, pairs, table } from './table.ts';

/** One drill for a person: how it stands, what was measured, and the next command for whoever is to act. */
export function drillLines(shown: DrillAnswer): readonly string[] {
  return [
    ...pairs([
      ['drill', `${shown.drill}: ${shown.state}`],
      ['begun', `${shown.begunAt} by ${shown.begunBy}`],
      ['ended', shown.endedAt],
      ['made-up people', shown.people],
    ]),
    ...progressLines(shown),
    ...reportLines(shown),
  ];
}

function progressLines({ progress }: DrillAnswer): readonly string[] {
  if (progress === null) return [];
  const { plan, agree, told, retraction } = progress;
  switch (progress.stage) {
    case 'preparing':
      return ['', 'It is being prepared.'];
    case 'agreeing':
      return [
        '',
        `${plan ?? 'The plan'} is drawn up and started once one of you says yes to it, beside a made-up approver:`,
        `  allclear plan approve ${plan ?? ''} --digest ${agree?.digest ?? ''} --total ${agree?.total ?? ''} --key FILE --yes --drill --as NAME`,
      ];
    case 'telling':
      return [
        '',
        `${grouped(told)} made-up people have been told by ${plan ?? 'the plan'}, which is wrong about nearly all of them. Whoever would halt, halts it now:`,
        `  allclear halt ${plan ?? ''} --reason "drill" --drill --as NAME`,
      ];
    case 'draining':
      return ['', 'It is halted. What was in flight is being waited for.'];
    case 'approving':
      return [
        '',
        'The evidence is withdrawn and the retraction is drawn up. Two people compare its digest and say yes, each with their own key:',
        `  allclear retract show ${retraction?.id ?? ''} --drill --as NAME`,
        `  allclear retract approve ${retraction?.id ?? ''} --digest ${retraction?.digest ?? ''} --total ${retraction?.affected ?? ''} --key FILE --yes --drill --as NAME`,
      ];
    case 'restoring':
      return ['', 'Passwords are being given back, and corrections are being sent.'];
    case 'judging':
      return ['', 'Everybody is being compared with what was true from the beginning.'];
  }
}

function reportLines({ report, state }: DrillAnswer): readonly string[] {
  if (report === null) return [];
  const { figures: f, agreedBy, haltedBy, approvedBy, reasons } = report;
  const some = (value: number | null, unit: string): string | null =>
    value === null ? null : `${grouped(value)} ${unit}`;
  return [
    '',
    ...pairs([
      ['yes to the plan by', agreedBy],
      ['halted by', haltedBy],
      ['after the first mail', some(f.haltedAfterSeconds, 's')],
      ['halt, until it stood', some(f.haltMs, 'ms')],
      ['last mail after that', some(f.lastDotMs, 'ms')],
      [
        'mails after that',
        f.dotsAfterHalt === null ? null : `${f.dotsAfterHalt} of ${f.inFlightAtHalt ?? 0} in flight`,
      ],
      ['approved by', approvedBy.join(', ')],
      ['second yes after', some(f.approvedAfterSeconds, 's')],
      ['put right after', some(f.restoredAfterSeconds, 's')],
      ['told', f.told],
      ['given back', f.restored],
      ['kept protected', f.kept],
      ['told of our mistake', f.corrected],
      ['not as they have to be', f.wrong],
      ['mails to anybody else', f.strayMails],
    ]),
    '',
    ...(state === 'passed'
      ? ['Passed: the right to start rollouts is renewed.']
      : ['Not passed, and the right to start is not renewed:', ...reasons.map((reason) => `  ${reason}`)]),
  ];
}

export function drillListLines(listed: DrillListAnswer): readonly string[] {
  const { inWords } = listed;
  return [
    `${inWords.slice(0, 1).toUpperCase()}${inWords.slice(1)}.`,
    ...(listed.drills.length === 0 ? [] : ['']),
    ...table(
      ['drill', 'state', 'begun', 'by', 'halted by', 'last mail', 'put right', 'wrong'],
      listed.drills.map(({ drill, state, begunAt, begunBy, report }) => [
        drill,
        state,
        begunAt,
        begunBy,
        report?.haltedBy ?? '',
        report?.figures.lastDotMs == null ? '' : `${report.figures.lastDotMs} ms`,
        report === null ? '' : `${report.figures.restored} of ${report.figures.contained - report.figures.kept}`,
        report?.figures.wrong ?? null,
      ]),
    ),
  ];
}
