import { readFileSync } from 'node:fs';
import { runCli } from '../cli/run-cli.ts';
import { loadConfig } from '../config/load-config.ts';
import { makeLocalVerbs } from './local-verbs.ts';
import { terminalAsk } from './terminal-ask.ts';

const load = (flags: { readonly url?: string }) => loadConfig({ env: process.env, flags, cwd: process.cwd() });

// `allclear plan export | head` ends early: that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const ask = terminalAsk();

process.exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  now: () => new Date(),
  version: versionOf(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')),
  fetch,
  readSettings: (flags) => load(flags).config,
  local: makeLocalVerbs(load),
  ...(ask === null ? {} : { ask }),
});

function versionOf(manifest: string): string {
  return (JSON.parse(manifest) as { readonly version: string }).version;
}
