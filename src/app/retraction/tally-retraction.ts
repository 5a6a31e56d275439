import { restoreStateOf } from '../../domain/action/restore-outcome.ts';
import { deliveryStateOf } from '../../domain/notice/delivery-state.ts';
import { terminalStateOf } from '../../domain/retraction/terminal-state.ts';
import type { CredentialEnd, LetterEnd, TerminalState } from '../../domain/retraction/terminal-state.ts';
import type { RetractionId } from '../../domain/shared/ids.ts';
import type { RetractionOutcome } from '../ports/retraction-store.ts';
import type { Tx } from '../ports/store.ts';

/** Lines read at a time: bounded memory however large the retraction is. */
const page = 5_000;

/** Accounts by how it ended with them. Each of the three groupings adds up to `total`. */
export interface RetractionTally {
  readonly total: number;
  readonly credentials: Readonly<Partial<Record<CredentialEnd, number>>>;
  readonly letters: Readonly<Partial<Record<LetterEnd, number>>>;
  readonly terminal: number;
  readonly remainder: number;
}

export function endOf(line: RetractionOutcome): TerminalState {
  return terminalStateOf({
    decision: line.decision,
    restored: line.restoreByte === null ? null : restoreStateOf(line.restoreByte),
    letter: line.letter,
    delivered: line.correctByte === null ? null : deliveryStateOf(line.correctByte),
  });
}

/** Counts every account of a retraction. `onLine` sees each in order, for lists that go along. */
export async function tallyRetraction(
  tx: Tx,
  retraction: RetractionId,
  onLine: (line: RetractionOutcome, end: TerminalState) => void,
): Promise<RetractionTally> {
  const credentials: Partial<Record<CredentialEnd, number>> = {};
  const letters: Partial<Record<LetterEnd, number>> = {};
  let total = 0;
  let terminal = 0;
  for (;;) {
    const lines = await tx.retractions.outcomes(retraction, total, page);
    if (lines.length === 0) return { total, credentials, letters, terminal, remainder: total - terminal };
    for (const line of lines) {
      const end = endOf(line);
      credentials[end.credential] = (credentials[end.credential] ?? 0) + 1;
      letters[end.letter] = (letters[end.letter] ?? 0) + 1;
      if (end.isTerminal) terminal += 1;
      total += 1;
      onLine(line, end);
    }
  }
}
