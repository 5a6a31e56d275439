import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeTree, repositoryRoot, run } from './sound-tree.ts';

let tree: string;

beforeAll(async () => {
  tree = await makeTree({
    'test/support/skip.ts': readFileSync(path.join(repositoryRoot, 'test/support/skip.ts'), 'utf8'),
    'test/needs-servers.test.ts': `import { expect, it } from 'vitest';
import { describeIfInstalled } from './support/skip.ts';

describeIfInstalled('node', 'everything runs on it', () => {
  it('meets its server', () => expect(1).toBe(1));
});

describeIfInstalled('no-such-server', 'nothing else speaks its protocol', () => {
  it('meets no server', () => expect(1).toBe(2));
});
`,
  });
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

function runSuites(ci: string) {
  return run(tree, 'env', [`CI=${ci}`, 'vitest', 'run', '--project', 'unit', 'test/needs-servers.test.ts']);
}

it('a suite whose server is missing is skipped by name, and the run still says how many', async () => {
  const result = await runSuites('');
  expect(result.output).toContain('1 passed, 0 failed, 1 skipped');
  expect(result.code).toBe(0);
});

it('with CI=true a suite whose server is missing fails, and the failure says what to install and why', async () => {
  const result = await runSuites('true');
  expect(result.output).toContain(
    'needs no-such-server, which is not installed here: nothing else speaks its protocol',
  );
  expect(result.output).toContain('1 passed, 1 failed');
  expect(result.code).toBe(1);
});
