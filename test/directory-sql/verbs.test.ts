import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestCli } from '../cli/cli-world.ts';
import type { TestCli } from '../cli/cli-world.ts';

describe('the verbs of the directory', () => {
  let cli: TestCli;
  beforeEach(async () => {
    cli = await openTestCli({});
  });
  afterEach(() => cli.close());

  it('write mapping and SQL side by side, and never over a file', async () => {
    const out = join(cli.home, 'directory.yaml');
    expect((await cli.run('directory', 'add', 'postgres://db/shop', '--out', out)).exit).toBe(0);
    expect(await readFile(out, 'utf8')).toBe('version: 1\n');
    expect(await readFile(join(cli.home, 'directory.sql'), 'utf8')).toContain('BEGIN;');
    expect((await cli.run('directory', 'add', 'postgres://db/shop', '--out', out)).exit).toBe(1);
  });

  it('let no name out of a database move the cursor', async () => {
    const { stdout } = await cli.run('directory', 'add', 'postgres://db/shop');
    expect(stdout).toContain('Look: look at');
    expect(stdout).not.toContain('\u001b');
  });

  it('refuse a role or a cap that could be something else', async () => {
    expect((await cli.run('directory', 'add', 'postgres://db/shop', '--role', 'x; DROP')).exit).toBe(2);
    expect((await cli.run('directory', 'add', 'postgres://db/shop', '--cap', '1e99')).exit).toBe(2);
    expect((await cli.run('directory', 'add', 'postgres://db/shop', '--cap', '0')).exit).toBe(2);
  });

  it('end with 1 where a check of the canary failed, and act on no account that nobody named', async () => {
    const passed = await cli.run('directory', 'test', '--canary', '4711', '--json');
    expect(passed.exit).toBe(0);
    expect(JSON.parse(passed.stdout)).toMatchObject({ whole: true, account: '4711' });
    const failed = await cli.run('directory', 'test', '--canary', 'broken');
    expect(failed.exit).toBe(1);
    expect(failed.stdout).toContain('A cookie lives on.');
    expect((await cli.run('directory', 'test')).exit).toBe(2);
  });
});
