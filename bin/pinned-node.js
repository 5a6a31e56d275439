// Plain JavaScript that Node 20 reads: it runs before the pinned Node is found.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Older ones do not run our TypeScript. */
const neededMajor = 24;

/** EX_UNAVAILABLE of sysexits.h: something that we need is not there. */
export const exitUnavailable = 69;

const compileCache = fileURLToPath(new URL('../node_modules/.cache/node-compile', import.meta.url));

const forwardedSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

function pinnedNode() {
  const name = `node-${process.platform}-${process.arch}`;
  try {
    // By resolving, not by a path: as a dependency of another package we find it beside us, not below us.
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return path.join(path.dirname(manifest), 'bin', 'node');
  } catch {
    return undefined;
  }
}

/** Paths of Nodes that can run Allclear, best first; empty when there is none. */
export function usableNodes() {
  const pinned = pinnedNode();
  const own = Number.parseInt(process.versions.node, 10) >= neededMajor ? [process.execPath] : [];
  return pinned !== undefined && existsSync(pinned) ? [pinned, ...own] : own;
}

/**
 * Ctrl-C in a terminal goes to every process of the group, so the child has it already; a second SIGINT would read as
 * "now at once". Without a terminal only we are told, and pass it on.
 */
function isPassedOnByTerminal(signal) {
  return signal === 'SIGINT' && process.stdin.isTTY === true;
}

function runUnder(node, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { stdio: 'inherit', env });
    const forward = (signal) => {
      if (!isPassedOnByTerminal(signal)) child.kill(signal);
    };
    for (const signal of forwardedSignals) process.on(signal, forward);
    const finish = (settle) => {
      for (const signal of forwardedSignals) process.removeListener(signal, forward);
      settle();
    };
    child.once('error', (error) => finish(() => reject(error)));
    child.once('exit', (code, signal) => finish(() => resolve({ code, signal })));
  });
}

/**
 * Runs `args` under a Node that can, and ends this process as the child ended: with its exit code, or by its signal.
 * Where there is no such Node: one sentence on stderr, and exit code 69.
 */
export async function runWithPinnedNode(args, given = process.env) {
  // Stripping types costs a command a third of its time; where the folder cannot be written, Node does without.
  const env = { NODE_COMPILE_CACHE: compileCache, ...given };
  for (const node of usableNodes()) {
    let ended;
    try {
      ended = await runUnder(node, args, env);
    } catch (error) {
      // Present, and yet it cannot be started: built for another C library (musl), or on a noexec mount.
      if (error.code === 'ENOENT' || error.code === 'EACCES') continue;
      throw error;
    }
    if (ended.signal === null) {
      process.exitCode = ended.code;
      return;
    }
    // The code that a shell gives for it, should the signal itself not end us.
    process.exitCode = 128 + (constants.signals[ended.signal] ?? 0);
    process.kill(process.pid, ended.signal);
    return;
  }
  process.stderr.write(
    `Allclear needs Node ${neededMajor} or newer: install it with its optional dependencies (npm ci), which bring one for Linux, or put a newer Node on the PATH; this is ${process.version}.\n`,
  );
  process.exitCode = exitUnavailable;
}
