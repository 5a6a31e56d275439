import type { EvidenceReportAnswer } from '../contract/evidence.ts';
import { countsInWords, grouped, pairs, table } from './table.ts';

/** A batch for a person: counts only. */
export function evidenceLines({ batch, tally, facts, sourceTally }: EvidenceReportAnswer): readonly string[] {
  const share = facts.verifiedShare === null ? null : `${(facts.verifiedShare * 100).toFixed(1)} %`;
  return [
    ...pairs([
      ['batch', `${batch.batch} (${batch.class}, ${batch.state})`],
      ['source', `${batch.source.name} (${batch.source.authority})`],
      [
        'of that source in all',
        `${grouped(sourceTally.batches)} ${sourceTally.batches === 1 ? 'batch' : 'batches'}, ${grouped(sourceTally.live)} live, ${grouped(sourceTally.withdrawn)} withdrawn`,
      ],
      ['file', batch.fileName],
      ['reported by', batch.reportedBy],
      ['lines', batch.mark.lines],
      ['refused', countsInWords(batch.refused) || 'none'],
      ['lines met', batch.linesMet],
      ['accounts', tally.accounts],
      ['passwords tried', batch.candidates],
      ['verified', facts.verified],
      ['weak', facts.weak],
      ['verified share', share],
      [
        'passwordless',
        facts.passwordless > 0
          ? `${grouped(facts.passwordless)} (a list of this service would hardly have these)`
          : null,
      ],
      ['unknown scheme', facts.unknownScheme > 0 ? facts.unknownScheme : null],
      ['older than password', facts.olderThanPassword > 0 ? facts.olderThanPassword : null],
      ['imported', batch.finishedAt === null ? `not yet; begun ${batch.begunAt}` : batch.finishedAt],
    ]),
    '',
    ...table(
      ['evidence', 'state', 'remark', 'count'],
      tally.classes.map((one) => [one.class, one.state, one.remark ?? '', one.evidence]),
    ),
  ];
}
