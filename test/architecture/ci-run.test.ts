import { constants, accessSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { describeIfInstalled } from '../support/skip.ts';
import { repositoryRoot, run } from './sound-tree.ts';

const installServers = 'scripts/install-test-servers.sh';

function commandsOf(script: string): string[] {
  return readFileSync(path.join(repositoryRoot, script), 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}

describeIfInstalled('bash', 'CI starts with it', () => {
  it('CI runs the same commands as a person, with the accident of 2014 in browsers last', () => {
    accessSync(path.join(repositoryRoot, '.ci/run'), constants.X_OK);
    const commands = commandsOf('.ci/run');
    expect(commands).toContain('set -euo pipefail');
    expect(commands.slice(-4)).toEqual([installServers, 'npm test', 'npm run check', 'npm run e2e -- twitter-2014']);
  });

  it('a misspelt test server is refused before anything is installed', async () => {
    const result = await run(repositoryRoot, 'bash', [installServers, 'openldapp']);
    expect(result.output).toContain('No server is called openldapp. Known: ');
    expect(result.code).toBe(2);
  });

  it('every test server that may be named can be installed', () => {
    const commands = commandsOf(installServers);
    const known = /^known="(.*)"$/.exec(commands.find((line) => line.startsWith('known=')) ?? '')?.[1]?.split(' ');
    const named = commands.flatMap((line) => /^([\w| ]+)\) echo ["\w$]/.exec(line)?.[1]?.split(' | ') ?? []);
    expect(named.toSorted()).toEqual(known?.toSorted());
    const required = /^required=\((.*)\)$/.exec(commands.find((line) => line.startsWith('required=')) ?? '')?.[1];
    expect(known).toEqual(expect.arrayContaining(required?.split(' ') ?? ['none']));
  });
});
