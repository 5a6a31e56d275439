import { describe, expect, it } from 'vitest';
import { standingOf } from '../../src/domain/retraction/notice-standing.ts';
import type { StandingFacts } from '../../src/domain/retraction/notice-standing.ts';
import type { TerminalState } from '../../src/domain/retraction/terminal-state.ts';

const quiet: StandingFacts = { retracted: [], isHalted: false, isUnderHolding: false, hasLiveEvidence: true };

function ended(credential: TerminalState['credential'], letter: TerminalState['letter'] = 'corrected'): TerminalState {
  return { credential, letter, isTerminal: true };
}

describe('what is known now of a notice', () => {
  it('any one ground for doubt is told, and none is invented', () => {
    expect(standingOf(quiet)).toEqual({ kind: 'stands', checked: false });
    for (const doubt of [{ isHalted: true }, { isUnderHolding: true }, { hasLiveEvidence: false }])
      expect(standingOf({ ...quiet, ...doubt })).toEqual({ kind: 'checking' });
  });

  it('"we were wrong" is not said of what nobody decided, and not taken back by a later retraction', () => {
    expect(standingOf({ ...quiet, retracted: [ended('needs-a-person', 'not-owed')] })).toEqual({ kind: 'checking' });
    expect(standingOf({ ...quiet, retracted: [ended('not-acted-on', 'not-owed')] })).toEqual({ kind: 'checking' });
    const later = [ended('not-acted-on', 'not-owed'), ended('restored')];
    expect(standingOf({ ...quiet, retracted: later })).toEqual({ kind: 'wrong', undone: 'password-given-back' });
  });

  it('nobody reads that their password works while it does not', () => {
    const ends = ['open', 'lost', 'kept-own-password', 'not-acted-on', 'kept-protected'] as const;
    for (const end of ends)
      expect(standingOf({ ...quiet, retracted: [ended(end)] })).not.toMatchObject({ undone: 'password-given-back' });
    expect(standingOf({ ...quiet, isHalted: true, retracted: [ended('kept-protected')] })).toEqual({
      kind: 'stands',
      checked: true,
    });
  });
});
