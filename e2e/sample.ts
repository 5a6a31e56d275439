import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { ensureConsole } from '../scripts/build-console.js';

const root = path.resolve(import.meta.dirname, '..');
const readyTimeoutMs = 90_000;
const exitNeedsApproval = 3;
/** Whatever one verb says. */
const maxOutputBytes = 16 * 1_024 * 1_024;

export interface Sample {
  /** As the terminal says it: `http://localhost:PORT/console`. */
  readonly consoleUrl: string;
  readonly mailboxUrl: string;
  readonly home: string;
  /** A verb of the command line; its JSON. Throws what it said where it did not end well. */
  verb<Result>(...args: readonly string[]): Promise<Result>;
  /** A script of this repository. */
  script(...args: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** What `npm start` starts, in a folder of its own and on ports that are free. Without a folder: one of the test that runs. */
export async function startSample(folder?: string): Promise<Sample> {
  const said: string[] = [];
  if ((await ensureConsole(root, (line) => void said.push(line))) === 'failed') throw new Error(said.join('\n'));
  // Only a test has folders that end with it.
  const own = folder ?? (await import('../test/support/temp-folder.ts')).makeTempFolder('e2e');
  const home = path.join(own, 'home');
  const env = { ...process.env, ALLCLEAR_HOME: home, STARTED_BY_A_TEST: '1' };
  const child = spawn(process.execPath, [path.join(root, 'src/main/start.ts')], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const words = await welcomeOf(child);
  const consoleUrl = /Console: sign in here\s+(\S+)/.exec(words)?.[1] ?? '';
  const url = consoleUrl.replace('/console', '').replace('localhost', '127.0.0.1');
  const run = async (args: readonly string[]): Promise<string> => {
    const options = { cwd: root, env: { ...env, ALLCLEAR_URL: url, NODE_NO_WARNINGS: '1' }, maxBuffer: maxOutputBytes };
    try {
      const { stdout } = await promisify(execFile)(process.execPath, args, options);
      return stdout;
    } catch (error) {
      const { code, stdout } = error as { readonly code?: number; readonly stdout?: string };
      // Done, and a second person has to say yes as well.
      if (code === exitNeedsApproval && stdout !== undefined && stdout !== '') return stdout;
      throw error;
    }
  };
  return {
    consoleUrl,
    mailboxUrl: /Mailbox: every mail sent\s+(\S+)/.exec(words)?.[1] ?? '',
    home,
    verb: async (...args) => JSON.parse(await run([path.join(root, 'src/main/cli.ts'), ...args, '--json'])) as never,
    script: async (...args) => void (await run(args)),
    async stop() {
      if (child.exitCode !== null) return;
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function welcomeOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let words = '';
    const late = setTimeout(() => {
      child.kill('SIGTERM');
      reject(new Error(`The sample did not come up in ${readyTimeoutMs / 1_000} s:\n${words}`));
    }, readyTimeoutMs);
    const hear = (piece: string): void => {
      words += piece;
      if (!words.includes('Ctrl-C stops everything')) return;
      clearTimeout(late);
      resolve(words);
    };
    child.stdout?.setEncoding('utf8').on('data', hear);
    child.stderr?.setEncoding('utf8').on('data', hear);
    child.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`The sample ended with ${code}:\n${words}`));
    });
  });
}
