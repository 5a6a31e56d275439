import { describe, expect, it } from 'vitest';
import type { ApproveSubjectInput } from '../../src/app/approval/approve-subject.ts';
import type { RolloutStatus, TrackStatus } from '../../src/app/rollout/read-status.ts';
import type { HeldVerdict } from '../../src/domain/rollout/held-verdict.ts';
import type { Digest } from '../../src/domain/shared/ids.ts';
import { openTestCli } from './cli-world.ts';
import { samplePlan, shownPlan } from './sample-plan.ts';

const now = new Date('2026-11-23T05:00:00Z');
const held: HeldVerdict = { track: 'tell', wave: 1, gate: 'disputes', cause: 'nobody-told', count: 0 };

function status(phase: 'running' | 'halted', over: readonly HeldVerdict[]): RolloutStatus {
  const tell: TrackStatus = {
    track: 'tell',
    phase,
    reasons: ['disputes: nobody was told yet: 0 of 0 told say "this is not right"'],
    epoch: 2,
    wave: { opened: 1, of: 2, openTo: 5 },
    members: 10,
    counts: { withheld: 5, created: 5 },
    inFlight: 0,
    soakUntil: null,
    heldForHours: null,
    haltedAt: phase === 'halted' ? now : null,
    haltedBy: phase === 'halted' ? 'operator_1' : null,
    gates: [
      { gate: 'disputes', result: 'inconclusive', reason: 'nobody-told', cause: { word: 'nobody-told', count: 0 } },
    ],
  };
  return {
    subject: 'plan_1',
    digest: samplePlan().digest as Digest,
    kind: 'plan',
    startedAt: now,
    readAt: now,
    phase,
    epoch: 4,
    goOn: over.length === 0 ? null : { decision: 'approve', over },
    tracks: [tell],
    handedOver: { mails: 0, withinHours: 120, onHold: 0, queues: [] },
    disputes: { counted: 0, scanners: 0 },
    drillWarning: null,
    containedUntold: null,
    mailRate: null,
    recoveries: [],
  };
}

describe('a rollout that holds', () => {
  it('says how to go on, while it runs and once it is halted', async () => {
    const running = await openTestCli({ readRolloutStatus: async () => status('running', []) });
    const told = (await running.run('rollout', 'status', 'plan_1')).stdout;
    expect(told).toContain('It holds until you act.');
    expect(told).toContain('allclear halt plan_1');
    await running.close();
    const halted = await openTestCli({ readRolloutStatus: async () => status('halted', [held]) });
    const shown = (await halted.run('rollout', 'status', 'plan_1')).stdout;
    expect(shown).toContain('tell, wave 1: gate disputes, nobody-told');
    expect(shown).toContain('allclear rollout resume plan_1 --over');
    await halted.close();
  });

  it('gets a yes to exactly the verdicts that were shown, also where the server names another decision', async () => {
    const sent: ApproveSubjectInput[] = [];
    const cli = await openTestCli({
      readRolloutStatus: async () => status('halted', [held]),
      showPlan: async () => shownPlan(),
      approveSubject: async (input) => {
        sent.push(input);
        return { kind: 'approved', decision: 'approve', expiresAt: now };
      },
      resumeRollout: async () => ({ kind: 'resumed', tracks: ['tell'], over: [held] }),
    });
    const { digest, total } = samplePlan();
    const argv = ['rollout', 'resume', 'plan_1', '--digest', digest, '--total', String(total), '--key', 'k', '--yes'];
    const over = await cli.run(...argv, '--over');
    expect([over.exit, over.stdout]).toEqual([0, expect.stringContaining('gone on over: tell, wave 1')]);
    expect((await cli.run(...argv)).exit).toBe(0);
    expect(sent.map(({ statement }) => (JSON.parse(statement) as { decision: string }).decision)).toEqual([
      'resume-epoch-4-over-tell.1.disputes.nobody-told.0',
      'resume-epoch-4',
    ]);
    await cli.close();
  });

  it('gets no yes with --over where nothing is to be gone on over', async () => {
    const cli = await openTestCli({
      readRolloutStatus: async () => status('halted', []),
      showPlan: async () => shownPlan(),
    });
    const { digest, total } = samplePlan();
    const run = await cli.run(
      'rollout',
      'resume',
      'plan_1',
      '--digest',
      digest,
      '--total',
      String(total),
      '--over',
      '--yes',
    );
    expect(run.exit).toBe(2);
    await cli.close();
  });
});

describe('feedback and suppressions', () => {
  it('are shown, and a removal wants --yes', async () => {
    const removed: string[] = [];
    const cli = await openTestCli({
      showFeedback: async () => ({
        channels: ['smtp'],
        returnPathDomain: 'bounces.chirp.test',
        complaintsAddress: 'bounces+complaints.x@bounces.chirp.test',
        lastHeardSeconds: 1.2,
      }),
      listSuppressions: async (_limit, of) => ({
        total: 1,
        next: null,
        suppressions: [
          { noticeNumber: '8F3K-22QD-9PXA-77TR-C', reason: 'bounced', status: '5.1.1', suppressedAt: now } as const,
        ].filter((one) => of == null || one.noticeNumber === of),
      }),
      removeSuppression: async (notice) => {
        removed.push(notice);
        return { noticeNumber: notice };
      },
    });
    expect((await cli.run('feedback', 'show')).stdout).toContain('bounces+complaints.x@bounces.chirp.test');
    expect((await cli.run('suppression', 'list')).stdout).toContain('8F3K-22QD-9PXA-77TR-C');
    const look = await cli.run('suppression', 'remove', '8F3K-22QD-9PXA-77TR-C');
    expect([look.exit, look.stdout]).toEqual([3, expect.stringContaining('bounced, 5.1.1')]);
    expect((await cli.run('suppression', 'remove', '7K3M-9QXA-4DTR-V0WE-H')).exit).toBe(1);
    expect(removed).toEqual([]);
    expect((await cli.run('suppression', 'remove', '8F3K-22QD-9PXA-77TR-C', '--yes', '--json')).exit).toBe(0);
    expect(removed).toEqual(['8F3K-22QD-9PXA-77TR-C']);
    await cli.close();
  });
});
