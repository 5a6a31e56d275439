import { describe, expect, test } from 'vitest';
import { handedOverLines } from '../../src/cli/handed-over-lines.ts';
import type { HandedOverAnswer } from '../../src/contract/rollout.ts';
import type { HaltResult } from '../../src/app/rollout/halt-rollout.ts';
import type { RolloutStatus } from '../../src/app/rollout/read-status.ts';
import { openTestCli } from '../cli/cli-world.ts';

const queue: HandedOverAnswer['queues'][number] = {
  host: 'host_1',
  hostName: 'mail-1',
  waiting: 1_234,
  deferred: 2,
  onHold: 0,
  others: 7,
  cap: 5_000,
  commanded: true,
  holdReason: null,
  readError: null,
  commandError: null,
  readAt: '2026-11-23T03:12:40.120Z',
};

function lines(over: Partial<HandedOverAnswer> = {}): string {
  return handedOverLines({ mails: 1_300, withinHours: 120, onHold: 0, queues: [queue], ...over }).join('\n');
}

describe('what is told of the provider’s queue', () => {
  test('is how many were handed over, and that they may still be there', () => {
    expect(lines()).toContain(
      "1\u202f300 handed over, may still be in the provider's queue (at most: taken within 5 days",
    );
    expect(lines()).toContain(
      'queue of mail-1: 1\u202f234 waiting, 2 put off, 0 on hold, 7 of others, as of 2026-11-23T03:12',
    );
  });

  test('is "not known" where nobody can look, and never zero', () => {
    expect(lines({ queues: [] })).toContain('what is in its queue is not known');
    const unread = lines({
      queues: [{ ...queue, waiting: 0, deferred: 0, others: 0, readAt: null, readError: 'it hangs' }],
    });
    expect(unread).toContain('queue of mail-1: not known');
    expect(unread).toContain('it cannot be read now: it hangs');
    expect(unread).not.toMatch(/\b0 waiting/);
  });

  test('says where a halt cannot hold it, and where it does not do as it is told', () => {
    expect(lines({ queues: [{ ...queue, commanded: false }] })).toContain('a halt cannot hold what is in it');
    expect(lines({ queues: [{ ...queue, commandError: 'only root may' }] })).toContain(
      'does not do what it is told: only root',
    );
  });
});

describe('a halt', () => {
  const halted: HaltResult = {
    rollouts: [{ subject: 'plan_1', halted: ['tell'], inFlight: 0, handedOver: 12 }],
    alreadyHalted: false,
    entered: true,
  };

  test('is told in full though the status cannot be asked for', async () => {
    const cli = await openTestCli({
      haltRollout: () => Promise.resolve(halted),
      readRolloutStatus: () => Promise.reject(new Error('no database')),
    });
    const { exit, stdout } = await cli.run('halt', 'plan_1');
    expect([exit, stdout]).toEqual([
      0,
      expect.stringContaining("12 handed over, may still be in the provider's queue"),
    ]);
    await cli.close();
  });

  test('waits for a worker that looks into a queue which takes orders, and tells what it then holds', async () => {
    let asked = 0;
    const cli = await openTestCli({
      haltRollout: () => Promise.resolve(halted),
      readRolloutStatus: () => {
        asked += 1;
        const isLooked = asked > 2;
        const readAt = new Date(isLooked ? '2026-11-23T03:12:42Z' : '2026-11-23T03:12:39Z');
        const handedOver = {
          mails: 12,
          withinHours: 120,
          onHold: isLooked ? 11 : 0,
          queues: [{ ...queue, onHold: isLooked ? 11 : 0, readAt }],
        };
        return Promise.resolve({ ...statusBase, handedOver });
      },
    });
    const { stdout, stderr } = await cli.run('halt', 'plan_1');
    expect(stdout).toContain('12 handed over');
    expect(stderr).toContain('11 of them on hold there since the halt');
    expect(asked).toBe(3);
    await cli.close();
  });
});

const statusBase: Omit<RolloutStatus, 'handedOver'> = {
  subject: 'plan_1',
  digest: 'ab'.repeat(32) as RolloutStatus['digest'],
  kind: 'plan',
  startedAt: new Date('2026-11-23T03:00:00Z'),
  readAt: new Date('2026-11-23T03:12:40Z'),
  phase: 'halted',
  epoch: 2,
  goOn: null,
  tracks: [],
  disputes: { counted: 0, scanners: 0 },
  containedUntold: null,
  mailRate: null,
  drillWarning: null,
  recoveries: [],
};
