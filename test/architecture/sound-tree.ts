import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeTempFolder } from '../support/temp-folder.ts';

export const repositoryRoot = path.resolve(import.meta.dirname, '../..');

/** Everything that the gate's tools read of the real tree: the copy is judged by the very same rules. */
const gateFiles = [
  '.gitignore',
  '.oxlintrc.json',
  '.oxfmtrc.json',
  'knip.json',
  'vitest.config.ts',
  'tsconfig.base.json',
  'tsconfig.json',
];
const gateFolders = ['scripts', 'bin'];
const gateSupport = ['test/support/tally-reporter.ts'];
/** They describe routes, verbs and settings, of which the small tree has none. */
const renderersOfTheWhole = ['api', 'cli', 'config'].map((name) => `scripts/reference/render-${name}.ts`);

export type Files = Readonly<Record<string, string>>;

/** A small tree with a file in every layer and nothing wrong with it. */
const soundFiles: Files = {
  'package.json': `{
  "name": "sound",
  "private": true,
  "bin": {
    "allclear": "bin/allclear.js"
  },
  "type": "module",
  "scripts": {
    "start": "node scripts/bootstrap.js start",
    "lint": "oxlint"
  },
  "devDependencies": {
    "oxlint": "*",
    "react": "*",
    "react-dom": "*",
    "typescript": "*",
    "vitest": "*"
  }
}
`,
  'src/domain/shared/verdict.ts': `export type Verdict = 'verified' | 'weak';\n`,
  'src/domain/guardrail/admit-verdict.ts': `import type { Verdict } from '../shared/verdict.ts';

export function admitVerdict(verdict: Verdict): boolean {
  switch (verdict) {
    case 'verified':
      return true;
    case 'weak':
      return false;
  }
}
`,
  'src/domain/ledger/events.ts': `export const ledgerEvents = { 'plan.frozen': 'A plan was frozen.' };\n`,
  'src/app/ports/verdicts.ts': `import type { Verdict } from '../../domain/shared/verdict.ts';

export interface Verdicts {
  read(): Promise<readonly Verdict[]>;
}
`,
  'src/app/count-admitted.ts': `import { admitVerdict } from '../domain/guardrail/admit-verdict.ts';
import type { Verdicts } from './ports/verdicts.ts';

export async function countAdmitted(verdicts: Verdicts): Promise<number> {
  const all = await verdicts.read();
  return all.filter(admitVerdict).length;
}
`,
  'src/contract/failure-table.ts': `export const failureTable = {
  usage: { status: 400, exit: 2, title: 'Not understood', next: 'See --help.' },
};
`,
  'src/config/port.ts': `export const port = 8080;\n`,
  'src/adapters/list/read-verdicts.ts': `import { readFile } from 'node:fs/promises';
import type { Verdicts } from '../../app/ports/verdicts.ts';

export const listVerdicts: Verdicts = {
  async read() {
    const text = await readFile('verdicts', 'utf8');
    return text.split(' ').map((word) => (word === 'verified' ? 'verified' : 'weak'));
  },
};
`,
  'src/adapters/mail/greeting.ts': `export const greeting = 'EHLO';\n`,
  'src/http/status-of.ts': `import { failureTable } from '../contract/failure-table.ts';

export const statusOfUsage = failureTable.usage.status;
`,
  'src/cli/exit-of.ts': `import { failureTable } from '../contract/failure-table.ts';

export const exitOfUsage = failureTable.usage.exit;
`,
  'console/src/main.tsx': `import type { failureTable } from '../../src/contract/failure-table.ts';
import { createRoot } from 'react-dom/client';

export function Title({ row }: { readonly row: keyof typeof failureTable }) {
  return <h1>{row}</h1>;
}

createRoot(document.body).render(<Title row="usage" />);
`,
  'src/main/server.ts': `import { listVerdicts } from '../adapters/list/read-verdicts.ts';
import { greeting } from '../adapters/mail/greeting.ts';
import { countAdmitted } from '../app/count-admitted.ts';
import { exitOfUsage } from '../cli/exit-of.ts';
import { port } from '../config/port.ts';
import { ledgerEvents } from '../domain/ledger/events.ts';
import { statusOfUsage } from '../http/status-of.ts';

console.log(await countAdmitted(listVerdicts), greeting, port, ledgerEvents, statusOfUsage, exitOfUsage);
`,
  'test/admit-verdict.test.ts': `import { expect, it } from 'vitest';
import { admitVerdict } from '../src/domain/guardrail/admit-verdict.ts';

it('weak evidence is not admitted', () => {
  expect(admitVerdict('weak')).toBe(false);
});
`,
};

/** Writes the sound tree, with `planted` on top, into a new folder that goes with the tests of the file. */
export async function makeTree(planted: Files = {}): Promise<string> {
  const tree = makeTempFolder('gate');
  for (const name of [...gateFiles, ...gateFolders, ...gateSupport, ...projectFiles()]) {
    const source = path.join(repositoryRoot, name);
    if (existsSync(source)) cpSync(source, path.join(tree, name), { recursive: true });
  }
  for (const name of renderersOfTheWhole) rmSync(path.join(tree, name));
  symlinkSync(path.join(repositoryRoot, 'node_modules'), path.join(tree, 'node_modules'));
  write(tree, soundFiles);
  await run(tree, 'node', ['scripts/generate-reference.ts']);
  write(tree, planted);
  return tree;
}

function projectFiles(): string[] {
  return ['src', 'console', 'test', 'e2e', 'examples', 'bench'].flatMap((folder) =>
    readdirSync(path.join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => path.basename(name) === 'tsconfig.json' && !name.includes('node_modules'))
      .map((name) => path.join(folder, name)),
  );
}

function write(tree: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(tree, name)), { recursive: true });
    writeFileSync(path.join(tree, name), text);
  }
}

export interface ToolResult {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a tool of the gate inside `tree` and resolves when it has ended, whatever its exit code. */
export function run(tree: string, command: string, args: readonly string[]): Promise<ToolResult> {
  const searchPath = [
    path.dirname(process.execPath),
    path.join(repositoryRoot, 'node_modules/.bin'),
    process.env['PATH'],
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: tree,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PATH: searchPath.join(path.delimiter), NO_COLOR: '1', FORCE_COLOR: '0' },
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
