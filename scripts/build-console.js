// Plain JavaScript that Node 20 reads: `npm start` calls it before the pinned Node runs anything (docs/adr/0035).
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { usableNodes } from '../bin/pinned-node.js';

/** It takes some three seconds; a machine that needs longer than this is not going to finish. */
const buildTimeoutMs = 180_000;
/** The end of what the builder says tells why it failed. */
const keptOutputChars = 4_000;
/** Inside the folder that it is about, so that deleting the folder builds anew. */
const stampName = 'built-from';
/** What the server shows at /console instead. */
const failureName = 'failed';

/** Beside its own files: the decisions that it shares with the server, what it is compiled by, and the pinned packages. */
const sources = ['console', path.join('src', 'domain')];
const alsoMadeOf = ['package-lock.json', 'tsconfig.base.json'];

/** SHA-256 over everything that the built console is made of. */
function digestOfConsole(root) {
  const files = sources
    .flatMap((source) => readdirSync(path.join(root, source), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)))
    .filter((name) => !name.startsWith(path.join('console', 'dist') + path.sep))
    .sort((left, right) => (left < right ? -1 : 1));
  const hash = createHash('sha256');
  for (const name of [...files, ...alsoMadeOf])
    hash
      .update(`${name}\0`)
      .update(readFileSync(path.join(root, name)))
      .update('\0');
  return hash.digest('hex');
}

function builtFrom(dist) {
  try {
    return readFileSync(path.join(dist, stampName), 'utf8');
  } catch {
    return undefined;
  }
}

/** Without the colours that one of its parts writes in any case. */
function plain(output) {
  return output.replaceAll(/\u001b\[[0-9;]*m/g, '');
}

function runBuilder(root, dist) {
  const [node] = usableNodes();
  if (node === undefined) return Promise.resolve({ ok: false, output: 'There is no Node that can build it.' });
  const builder = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = [builder, 'build', path.join(root, 'console'), '--outDir', dist, '--emptyOutDir', '--logLevel', 'warn'];
  return new Promise((resolve) => {
    const child = spawn(node, args, {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1', FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: buildTimeoutMs,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        output = (output + text).slice(-keptOutputChars);
      });
    }
    child.once('error', (error) => resolve({ ok: false, output: error.message }));
    child.once('close', (code, signal) =>
      resolve({ ok: code === 0, output: signal === null ? output : `${output}\nIt was ended by ${signal}.` }),
    );
  });
}

/**
 * Builds the console into `dist` unless what is there was built from exactly these files. A build that fails is told and
 * left behind as words: the server starts all the same. Resolves to `warm`, `built` or `failed`, and never rejects.
 */
export async function ensureConsole(root, say, dist = path.join(root, 'console', 'dist')) {
  try {
    const wanted = digestOfConsole(root);
    if (builtFrom(dist) === wanted) return 'warm';
    const begun = performance.now();
    const { ok, output } = await runBuilder(root, dist);
    if (!ok) return leaveWords(root, say, dist, output);
    writeFileSync(path.join(dist, stampName), wanted);
    say(`The console was built (${((performance.now() - begun) / 1_000).toFixed(1)} s).`);
    return 'built';
  } catch (error) {
    // A folder that is not there or cannot be written. The command line and the API need none of it.
    return leaveWords(root, say, dist, error.message);
  }
}

function leaveWords(root, say, dist, output) {
  const why = plain(output).replaceAll(`${root}${path.sep}`, '').trim() || 'The builder said nothing.';
  say(`The console could not be built; everything else works, also without it. The next start tries again.\n${why}`);
  try {
    rmSync(dist, { recursive: true, force: true });
    mkdirSync(dist, { recursive: true });
    writeFileSync(path.join(dist, failureName), why);
  } catch {
    // It was said above; the page says that there is none.
  }
  return 'failed';
}
