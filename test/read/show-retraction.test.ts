import { describe, expect, test } from 'vitest';
import { showRetraction } from '../../src/app/retraction/show-retraction.ts';
import { restoreOutcomeCodes } from '../../src/domain/action/restore-outcome.ts';
import type { RestoreState } from '../../src/domain/action/restore-outcome.ts';
import { deliveryStates, deliveryStateOf } from '../../src/domain/notice/delivery-state.ts';
import { terminalStateOf } from '../../src/domain/retraction/terminal-state.ts';
import { leakedPassword } from '../support/campaign.ts';
import { withCampaign } from './with-campaign.ts';

const campaign = withCampaign();

/** Five people told wrongly by a rule; one of them is also in a real leak, one chose a new password since. */
async function mixedRetraction() {
  const c = campaign();
  const [leaked, changed, gone] = [c.holder(), c.holder(), c.holder()];
  const batch = await c.observed([leaked, changed, gone, ...c.holders(2)]);
  const other = await c.leaked([leaked], 'another forum');
  const { plan, rollout } = await c.begun([batch, other]);
  await c.contain(plan.id, rollout);
  await c.tell(rollout, []);
  await c.halt(plan.id);
  await c.withdraw(batch, 'rule-wrong');
  c.directory.resetByMail(changed, 'a password of my own');
  const { retraction, rollout: back } = await c.retract(plan.id);
  c.directory.removeHolder(gone);
  return { plan, retraction, back, leaked, changed, gone };
}

describe('a retraction, account by account', () => {
  test('before its run everything that is to be done is open, and listed', async () => {
    const { plan, retraction } = await mixedRetraction();
    const shown = await showRetraction(campaign().deps, plan.id);
    expect(shown.retraction).toBe(retraction.id);
    expect(shown.decisions).toEqual({ restore: 4, keep: 1 });
    expect(shown.tally).toMatchObject({
      total: 5,
      credentials: { open: 4, 'kept-protected': 1 },
      terminal: 1,
      remainder: 4,
    });
    expect(shown.remainder).toHaveLength(4);
  });

  test('after its run each account has its end, and terminal and remainder add up to everybody', async () => {
    const c = campaign();
    const { retraction, back, leaked, changed, gone } = await mixedRetraction();
    await c.restore(retraction, back);
    await c.tell(back, ['accepted', 'accepted', 'withheld', 'unknown'], 'correct');
    const shown = await showRetraction(c.deps, retraction.id);
    const endOf = Object.fromEntries(shown.lines.map((line) => [line.accountId, line.credential]));
    expect(endOf[leaked]).toBe('kept-protected');
    expect(endOf[changed]).toBe('kept-own-password');
    expect(endOf[gone]).toBe('lost');
    expect(shown.tally).toEqual({
      total: 5,
      credentials: { restored: 2, 'kept-own-password': 1, 'kept-protected': 1, lost: 1 },
      letters: { corrected: 2, withheld: 1, 'perhaps-corrected': 1, 'not-owed': 1 },
      terminal: 4,
      remainder: 1,
    });
    expect(shown.remainder).toMatchObject([{ letter: 'withheld', isTerminal: false }]);
    for (const line of shown.lines) {
      const isBack = line.credential === 'restored';
      if (line.credential !== 'lost') expect(c.directory.signIn(line.accountId, leakedPassword) !== null).toBe(isBack);
    }
  });

  test('pages follow one another without a gap or a repetition', async () => {
    const { retraction } = await mixedRetraction();
    const seen: number[] = [];
    for (let from: number | null = 0; from !== null;) {
      const shown: Awaited<ReturnType<typeof showRetraction>> = await showRetraction(campaign().deps, retraction.id, {
        from,
        limit: 2,
      });
      seen.push(...shown.lines.map((line) => line.ordinal));
      from = shown.nextOrdinal;
    }
    expect(seen).toEqual([0, 1, 2, 3, 4]);
  });

  test('a plan without a retraction says so', async () => {
    const c = campaign();
    const plan = await c.draft([await c.leaked(c.holders(1))]);
    await expect(showRetraction(c.deps, plan.id)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('the end of an account', () => {
  const restoreStates = Object.keys(restoreOutcomeCodes) as RestoreState[];

  test('nobody whose restore may still happen, or whose letter may still go out, counts as done', () => {
    for (const restored of restoreStates) {
      const { credential, isTerminal } = terminalStateOf({
        decision: 'restore',
        restored,
        letter: null,
        delivered: null,
      });
      const isOpen = ['created', 'claimed', 'failed', 'unknown', 'released'].includes(restored);
      expect([restored, credential === 'open', isTerminal]).toEqual([restored, isOpen, !isOpen]);
    }
    for (const [byte, delivered] of deliveryStates.entries()) {
      expect(deliveryStateOf(byte)).toBe(delivered);
      const { isTerminal } = terminalStateOf({ decision: 'keep', restored: null, letter: 'final', delivered });
      const isDone = ['accepted', 'complained', 'unknown', 'refused', 'bounced', 'suppressed'].includes(delivered);
      expect([delivered, isTerminal]).toEqual([delivered, isDone]);
    }
  });

  test('an account that waits for a person is never terminal', () => {
    expect(terminalStateOf({ decision: 'person', restored: null, letter: null, delivered: null }).isTerminal).toBe(
      false,
    );
  });
});
