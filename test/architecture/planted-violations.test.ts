import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CheckStep, checkSteps } from '../../scripts/check-steps.ts';
import { plantedViolations } from './planted-violations.ts';
import { type ToolResult, makeTree, run } from './sound-tree.ts';

/** One line per finding, `file ... rule`, where the tool's own layout spreads a finding over several lines. */
const oneLinePerFinding: Readonly<Record<string, readonly string[]>> = {
  layers: ['--pretty', 'false'],
  lint: ['--format', 'unix'],
};

const trees: string[] = [];
const planted = new Map<string, ToolResult>();

function runStep(tree: string, step: CheckStep): Promise<ToolResult> {
  return run(tree, step.command, [...step.args, ...(oneLinePerFinding[step.name] ?? [])]);
}

beforeAll(async () => {
  // All plants stand in one tree, each in files of its own: a run of each tool tells them apart and the suite is quick.
  const tree = await makeTree(Object.assign({}, ...plantedViolations.map((violation) => violation.files)));
  trees.push(tree);
  for (const step of checkSteps) planted.set(step.name, await runStep(tree, step));
});

afterAll(() => {
  for (const tree of trees) rmSync(tree, { recursive: true, force: true });
});

it('a sound tree passes the whole gate', async () => {
  const tree = await makeTree();
  trees.push(tree);
  const result = await run(tree, 'node', ['scripts/check.ts']);
  expect(result.output).toContain('check passed');
  expect(result.code).toBe(0);
});

it('a gate with a red step ends red and names the step', async () => {
  const tree = await makeTree({ 'src/config/planted-format.ts': `export const  crooked = "1"\n` });
  trees.push(tree);
  const result = await run(tree, 'node', ['scripts/check.ts']);
  expect(result.output).toContain('FAILED format');
  expect(result.output).toContain('src/config/planted-format.ts');
  expect(result.code).toBe(1);
});

it.each(checkSteps.map((step) => step.name))('no step of the gate is without a planted violation: %s', (name) => {
  expect(plantedViolations.filter((violation) => violation.step === name)).not.toEqual([]);
});

describe('the gate goes red when', () => {
  it.each(plantedViolations)('$breach ($step: $rule)', ({ at, step, rule }) => {
    const result = planted.get(step);
    if (result === undefined) throw new Error(`the gate has no step named ${step}`);
    const findings = result.output.split('\n').filter((line) => line.includes(at) && line.includes(rule));
    expect(findings).not.toEqual([]);
    expect(result.code).not.toBe(0);
  });
});
