import { describe, expect, it } from 'vitest';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { signatures } from '../../src/adapters/crypto/signing-key.ts';
import type { ApproveSubjectInput } from '../../src/app/approval/approve-subject.ts';
import type { PlanExportLine } from '../../src/domain/plan/recompute-plan.ts';
import { parseStatement } from '../../src/domain/approval/approval-statement.ts';
import { adasKey, openTestCli } from './cli-world.ts';
import { each, samplePlan, shownPlan } from './sample-plan.ts';

async function approve(
  lines: readonly PlanExportLine[],
  typed: { readonly digest: string; readonly total: number; readonly directory?: string },
) {
  const sent: ApproveSubjectInput[] = [];
  const cli = await openTestCli({
    exportPlan: () => each(lines),
    showPlan: async () => shownPlan(),
    approveSubject: async (input) => {
      sent.push(input);
      return { kind: 'approved', decision: 'approve', expiresAt: new Date() };
    },
  });
  const directory = typed.directory === undefined ? [] : ['--directory', typed.directory];
  const { digest, total } = typed;
  const argv = ['--digest', digest, '--total', String(total), '--key', 'k', '--yes', ...directory];
  const run = await cli.run('plan', 'approve', 'plan_1', ...argv);
  await cli.close();
  return { sent, run };
}

describe('a yes', () => {
  it('is to the deployment, directory, digest and total that were read, for under a day, and verifies', async () => {
    const { digest, total, lines } = samplePlan();
    const { sent, run } = await approve(lines, { digest, total });
    expect(run.exit).toBe(0);
    const [given] = sent;
    const statement = parseStatement(given!.statement, (value) => digests.canonical(value));
    expect(statement).toMatchObject({
      deployment: 'dep_0123456789abcdef',
      directory: 'chirp',
      digest,
      total,
      decision: 'approve',
      expiry: '2026-11-24T11:00:00.000Z',
    });
    expect(signatures.verify(adasKey.publicKey, given!.statement, given!.signature)).toBe(true);
  });

  it('is never said twice in the same words', async () => {
    const { digest, total, lines } = samplePlan();
    const runs = [await approve(lines, { digest, total }), await approve(lines, { digest, total })];
    const nonces = runs.map(({ sent }) => (JSON.parse(sent[0]!.statement) as { nonce: string }).nonce);
    expect(new Set(nonces).size).toBe(2);
  });

  it('is not signed to another digest, total or directory than was typed', async () => {
    const { digest, total, lines } = samplePlan();
    const slips = [
      { digest: digest.replace(/^./, (first) => (first === '0' ? '1' : '0')), total },
      { digest, total: total + 1 },
      { digest, total, directory: 'people' },
    ];
    for (const typed of slips) {
      const { sent, run } = await approve(lines, typed);
      expect([run.exit, sent.length]).toEqual([3, 0]);
    }
  });
});

describe('a server that lies about a plan', () => {
  /** Each changes what would be done and leaves the digest that the server claims. */
  const lies: Readonly<Record<string, (lines: PlanExportLine[]) => PlanExportLine[]>> = {
    'by a target more': (lines) => [...lines.slice(0, 4), ...lines.slice(3)],
    'by a target less': (lines) => lines.toSpliced(2, 1),
    'by another account': (lines) =>
      lines.map((line, at) =>
        at === 1 && line.kind === 'target' ? { ...line, target: { ...line.target, accountId: 'victim' } } : line,
      ),
    'by two that changed places': (lines) => lines.toSpliced(1, 2, lines[2]!, lines[1]!),
    'by an exclusion less': (lines) => lines.slice(0, -1),
    'by another header': (lines) =>
      lines.map((line) => (line.kind === 'plan' ? { ...line, header: { ...line.header, notice: 'other' } } : line)),
    'by no header': (lines) => lines.slice(1),
  };

  it.each(Object.keys(lies))('gets no yes: %s', async (name) => {
    const { digest, total, lines } = samplePlan();
    const { sent, run } = await approve(lies[name]!(lines), { digest, total });
    expect([run.exit, sent.length]).toEqual([3, 0]);
  });
});
