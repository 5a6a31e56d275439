import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';

export interface CommandRun {
  readonly file: string;
  readonly args: readonly string[];
  /** Given on its standard input, which is closed after it. */
  readonly input?: string;
  /** It is killed after so long. */
  readonly timeoutMs: number;
  /** Given its output as it comes. An answer other than null is why it is killed at once. */
  readonly onOutput: (chunk: Buffer) => string | null;
}

/** As much of what a command complains of as is repeated. */
const complaintMaxBytes = 300;

/**
 * Runs a command without a shell, with no variables of ours. Null once it ended well, else why not: it is not there, may
 * not be run, ended otherwise, or took too long. Never throws.
 */
export function runCommand({ file, args, input = '', timeoutMs, onOutput }: CommandRun): Promise<string | null> {
  return new Promise((resolve) => {
    let why: string | null = null;
    let complaint = '';
    const child = start(file, args);
    if (child instanceof Error) return resolve(startWords(file, child));
    const end = (reason: string): void => {
      why ??= reason;
      child.kill('SIGKILL');
      // A child of the command may keep the pipes open; nobody waits for that one.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const timer = setTimeout(() => end(`${file} did not end within ${timeoutMs / 1_000} s`), timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => {
      const refused = why === null ? onOutput(chunk) : null;
      if (refused !== null) end(refused);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (complaint.length < complaintMaxBytes) complaint += chunk.toString('latin1');
    });
    // It may end before it has read all of it.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      resolve(why ?? startWords(file, error));
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (why === null && code !== 0) why = `${file} ended with ${code ?? signal}${said(complaint)}`;
      resolve(why);
    });
  });
}

/** Most failures come as an event later; some are thrown. */
function start(file: string, args: readonly string[]): ChildProcessWithoutNullStreams | NodeJS.ErrnoException {
  try {
    return spawn(file, args, { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }, stdio: 'pipe' });
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}

function startWords(file: string, { code = 'unknown' }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return `there is no ${file} on this machine`;
  if (code === 'EACCES') return `${file} may not be run by this user`;
  return `${file} cannot be run (${code})`;
}

/** Its first line, printable and without what could be an address. */
function said(complaint: string): string {
  const [first = ''] = complaint.split('\n');
  const words = first
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .replaceAll(/\S*@\S*/g, '...')
    .slice(0, complaintMaxBytes)
    .trim();
  return words === '' ? '' : `: ${words}`;
}
