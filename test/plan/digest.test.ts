import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { PlanExportLine } from '../../src/domain/plan/recompute-plan.ts';
import type { FrozenPlan } from '../../src/domain/plan/frozen-plan.ts';
import type { FailureCode } from '../../src/domain/shared/failure.ts';
import { withTestPostgres } from '../support/postgres.ts';
import { oldPassword, withRolloutWorlds } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';

const openWorld = withRolloutWorlds(withTestPostgres());

let world: RolloutWorld;
let plan: FrozenPlan;
let lines: readonly PlanExportLine[];

beforeAll(async () => {
  world = await openWorld();
  const inTokyo = { id: 'tokyo', address: 'tokyo@mail.test', password: oldPassword, timeZone: 'Asia/Tokyo' };
  const holders = [...world.addHolders(6), world.directory.addHolder(inTokyo)];
  const weak = world.addHolders(3).map((account) => ({ account, class: 'weak' as const }));
  const batch = await world.addBatch([...holders, ...weak]);
  plan = await world.draft([batch]);
  await world.approve(plan);
  lines = await world.export(plan);
  return () => world.close();
});

/** The digest as anybody computes it from an export: written here from the description of the format alone. */
function recompute(exportLines: readonly unknown[]): string | null {
  const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
  const all = exportLines as readonly (Record<string, unknown> & { kind: string })[];
  const over = (kind: string): string =>
    sha256(
      all
        .filter((line) => line.kind === kind)
        .map((line) => `${canonicalize(line[kind])}\n`)
        .join(''),
    );
  const header = all.find((line) => line.kind === 'plan')?.['header'] as FrozenPlan['header'];
  if (over('target') !== header.targets.digest || over('exclusion') !== header.exclusions.digest) return null;
  return sha256(canonicalize(header) ?? '');
}

/** Every value in the exported lines, as a path to it. */
function pathsOf(value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]));
}

function changedAt(value: unknown, path: readonly (string | number)[], by: number): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return changedValue(value, by);
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...(value as object) };
  const inner = (copy as Record<string | number, unknown>)[key];
  (copy as Record<string | number, unknown>)[key] = changedAt(inner, rest, by);
  return copy;
}

/** One byte of it different, and still JSON. */
function changedValue(value: unknown, by: number): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'string' || value === '') return 'x';
  const at = by % value.length;
  return value.slice(0, at) + (value[at] === 'x' ? 'y' : 'x') + value.slice(at + 1);
}

describe('the digest', () => {
  test('is what anybody recomputes from the export', () => {
    expect(recompute(lines)).toBe(plan.digest);
    expect(lines[0]).toMatchObject({ kind: 'plan', digest: plan.digest });
    expect(lines.filter((line) => line.kind === 'target')).toHaveLength(7);
    expect(lines.filter((line) => line.kind === 'exclusion')).toHaveLength(3);
  });

  test('changes with any one byte of any value of the header, a target or an exclusion', () => {
    const paths = lines.flatMap((line, index) => {
      const key = line.kind === 'plan' ? 'header' : line.kind;
      return pathsOf((line as unknown as Record<string, unknown>)[key]).map((path) => [index, key, ...path]);
    });
    expect(paths.length).toBeGreaterThan(100);
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.nat(), (path, by) => {
        expect(recompute(changedAt(lines, path, by) as unknown[])).not.toBe(plan.digest);
      }),
      { seed: 2014, numRuns: 1_500 },
    );
  });

  test('changes when a line is dropped, doubled or moved', () => {
    for (let at = 1; at < lines.length; at += 1) {
      expect(recompute(lines.toSpliced(at, 1))).toBeNull();
      const line = lines[at] as PlanExportLine;
      expect(recompute(lines.toSpliced(at, 0, line))).toBeNull();
      const swapped = lines.with(at, lines[at - 1] as PlanExportLine).with(at - 1, line);
      if (at > 1 && lines[at - 1]?.kind === line.kind) expect(recompute(swapped)).toBeNull();
    }
  });

  const script = fileURLToPath(new URL('../../tools/plan-digest.mjs', import.meta.url));
  test('is what the small script of this repository says, and it says no to a changed export', () => {
    const path = join(world.stateDir, 'export.ndjson');
    const run = (text: string) => {
      writeFileSync(path, text);
      return spawnSync(process.execPath, [script, path], { encoding: 'utf8' });
    };
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    expect(run(text)).toMatchObject({ status: 0, stdout: expect.stringContaining(plan.digest) as string });
    expect(run(text.replace('"ordinal":3', '"ordinal":4')).status).not.toBe(0);
    expect(run(text.replace('Asia/Tokyo', 'Asia/Seoul')).status).not.toBe(0);
  });
});

describe('an approved plan', () => {
  const tampering: readonly (readonly [string, string])[] = [
    ['a target', `UPDATE plan_target SET reason = 'another' WHERE ordinal = 2`],
    ['an address', `UPDATE plan_target SET address = 'thief@mail.test' WHERE ordinal = 0`],
    ['an effect', `UPDATE plan_target SET effect = 'end-sessions' WHERE ordinal = 1`],
    ['an order', `UPDATE plan_target SET contain_ordinal = 6 - contain_ordinal`],
    ['a missing target', `DELETE FROM plan_target WHERE ordinal = 6`],
    [
      'one more target',
      `INSERT INTO plan_target SELECT plan_no, 7, account_id || 'x', lane, effect, 7, NULL, address, address_digest, language,
        credential_digest, evidence_nos, reason, notice_number || 'x' FROM plan_target WHERE ordinal = 0`,
    ],
    ['an exclusion', `DELETE FROM plan_exclusion WHERE account_id = (SELECT min(account_id) FROM plan_exclusion)`],
    ['its limits', `UPDATE plan SET header = replace(header, '"permitSize":100', '"permitSize":999')`],
  ];

  test.each(tampering)('of which %s was changed in the database does not start', async (_what, change) => {
    const before = await snapshot();
    await world.pool.query(change);
    await expect(world.start(plan)).rejects.toMatchObject({ code: 'digest-mismatch' satisfies FailureCode });
    await restore(before);
  });

  test('whose total was changed in the database does not start', async () => {
    await world.pool.query('UPDATE plan SET total = 6');
    await expect(world.start({ id: plan.id, total: 6 })).rejects.toMatchObject({ code: 'digest-mismatch' });
    await world.pool.query('UPDATE plan SET total = 7');
  });

  test('that nobody touched starts', async () => {
    expect(await world.start(plan)).toBeGreaterThan(0);
  });
});

interface Snapshot {
  readonly header: string;
  readonly targets: string;
  readonly exclusions: string;
}

async function snapshot(): Promise<Snapshot> {
  const { rows } = await world.pool.query<Snapshot>(`SELECT (SELECT header FROM plan) AS header,
    (SELECT json_agg(t)::text FROM plan_target t) AS targets, (SELECT json_agg(e)::text FROM plan_exclusion e) AS exclusions`);
  return rows[0] as Snapshot;
}

async function restore({ header, targets, exclusions }: Snapshot): Promise<void> {
  await world.pool.query('DELETE FROM plan_target');
  await world.pool.query('DELETE FROM plan_exclusion');
  await world.pool.query('UPDATE plan SET header = $1', [header]);
  await world.pool.query('INSERT INTO plan_target SELECT * FROM json_populate_recordset(NULL::plan_target, $1)', [
    targets,
  ]);
  await world.pool.query('INSERT INTO plan_exclusion SELECT * FROM json_populate_recordset(NULL::plan_exclusion, $1)', [
    exclusions,
  ]);
}
