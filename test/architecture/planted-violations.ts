import { layerMayImport } from '../../scripts/lint/layers.ts';
import type { Files } from './sound-tree.ts';

/** One breach of one rule, and the step of the gate (its name in scripts/check-steps.ts) that must report it. */
export interface PlantedViolation {
  /** What somebody did. */
  readonly breach: string;
  readonly files: Files;
  /** The file that must be named, and a text that must stand in the same report. */
  readonly at: string;
  readonly step: string;
  readonly rule: string;
}

const lint = (breach: string, at: string, rule: string, source: string, more: Files = {}): PlantedViolation => ({
  breach,
  files: { [at]: `${source}\n`, ...more },
  at,
  step: 'lint',
  rule,
});

const types = (breach: string, at: string, rule: string, source: string): PlantedViolation => ({
  breach,
  files: { [at]: `${source}\n` },
  at,
  step: 'layers',
  rule,
});

/** Every pair of layers that the table does not allow, once by value and once by type only, seen by compiler and lint. */
function crossedLayers(): PlantedViolation[] {
  const layers = Object.keys(layerMayImport);
  const pairs = layers.flatMap((from) => layers.map((to) => [from, to] as const));
  return pairs
    .filter(([from, to]) => from !== to && !layerMayImport[from]?.includes(to))
    .flatMap(([from, to]) => {
      const value = `src/${from}/planted/takes-value-of-${to}.ts`;
      const type = `src/${from}/planted/takes-type-of-${to}.ts`;
      const valueFiles = {
        [value]: `import { thing } from '../../${to}/planted/value-for-${from}.ts';\n\nexport const taken = thing;\n`,
        [`src/${to}/planted/value-for-${from}.ts`]: `export const thing = 1;\n`,
      };
      const typeFiles = {
        [type]: `import type { Thing } from '../../${to}/planted/type-for-${from}.ts';\n\nexport const taken: Thing = 1;\n`,
        [`src/${to}/planted/type-for-${from}.ts`]: `export type Thing = 1;\n`,
      };
      return [
        { breach: `${from} imports a value of ${to}`, files: valueFiles, at: value, step: 'layers', rule: 'TS6307' },
        { breach: `${from} imports a type of ${to}`, files: typeFiles, at: type, step: 'layers', rule: 'TS6307' },
        { breach: `${from} imports a value of ${to}`, files: {}, at: value, step: 'lint', rule: 'boundaries(imports)' },
        { breach: `${from} imports a type of ${to}`, files: {}, at: type, step: 'lint', rule: 'boundaries(imports)' },
      ];
    });
}

function ambientWorld(): PlantedViolation[] {
  const reaches = [
    ['fetch', `export const leak = () => fetch('http://127.0.0.1');`],
    ['process', `export const leak = process.env;`],
    ['setTimeout', `export const leak = () => setTimeout(() => undefined, 1);`],
    ['setInterval', `export const leak = () => setInterval(() => undefined, 1);`],
    ['performance', `export const leak = () => performance.now();`],
    ['crypto', `export const leak = () => crypto.randomUUID();`],
    ['Buffer', `export const leak = Buffer.alloc(1);`],
  ] as const;
  return ['domain/plan', 'app'].flatMap((folder) =>
    reaches.flatMap(([name, source]) => {
      const at = `src/${folder}/planted-${name.toLowerCase()}.ts`;
      return [
        types(`${folder} reaches for ${name}`, at, 'TS2', source),
        lint(`${folder} reaches for ${name}`, at, 'eslint(no-restricted-globals)', source),
      ];
    }),
  );
}

function impurePackages(): PlantedViolation[] {
  return ['domain/plan', 'app'].flatMap((folder) => [
    types(`${folder} imports node:`, `src/${folder}/planted-fs.ts`, 'TS2', `export { rm } from 'node:fs';`),
    lint(
      `${folder} imports node:`,
      `src/${folder}/planted-fs.ts`,
      'boundaries(imports)',
      `export { rm } from 'node:fs';`,
    ),
    lint(
      `${folder} imports a package`,
      `src/${folder}/planted-package.ts`,
      'boundaries(imports)',
      `import type { ZodType } from 'zod';\n\nexport type Leak = ZodType;`,
    ),
    lint(
      `${folder} imports a package when it runs`,
      `src/${folder}/planted-late-package.ts`,
      'boundaries(imports)',
      `export const leak = () => import('yaml');`,
    ),
    lint(
      `${folder} asks Date.now`,
      `src/${folder}/planted-date-now.ts`,
      'eslint(no-restricted-properties)',
      `export const leak = () => Date.now();`,
    ),
    lint(
      `${folder} asks new Date()`,
      `src/${folder}/planted-new-date.ts`,
      'boundaries(no-current-time)',
      `export const leak = () => new Date();`,
    ),
    lint(
      `${folder} asks Math.random`,
      `src/${folder}/planted-random.ts`,
      'eslint(no-restricted-properties)',
      `export const leak = () => Math.random();`,
    ),
  ]);
}

/** For each word of the domain: it imports the word above it, by type only, which is how such a knot begins. */
function brokenDomainOrder(): PlantedViolation[] {
  const upward = [
    ['shared', 'evidence'],
    ['evidence', 'plan'],
    ['plan', 'guardrail'],
    ['guardrail', 'approval'],
    ['approval', 'guardrail'],
    ['approval', 'rollout'],
    ['rollout', 'action'],
    ['action', 'notice'],
    ['notice', 'action'],
    ['notice', 'recovery'],
    ['recovery', 'retraction'],
    ['retraction', 'ledger'],
  ] as const;
  return upward.map(([from, to]) =>
    lint(
      `domain/${from} imports domain/${to}`,
      `src/domain/${from}/planted-order-${to}.ts`,
      'boundaries(imports)',
      `import type { Thing } from '../${to}/planted-for-${from}.ts';\n\nexport type Taken = Thing;`,
      { [`src/domain/${to}/planted-for-${from}.ts`]: `export type Thing = 1;\n` },
    ),
  );
}

/** The console is a client: it may know what the API says, by type, and nothing of how it comes about. */
function consoleBeyondContract(): PlantedViolation[] {
  const others = Object.keys(layerMayImport).filter((layer) => layer !== 'contract');
  return [
    ...others.flatMap((layer) => {
      const at = `console/src/planted/takes-${layer}.ts`;
      const files = {
        [at]: `import type { Thing } from '../../../src/${layer}/planted/for-console.ts';\n\nexport type Taken = Thing;\n`,
        [`src/${layer}/planted/for-console.ts`]: `export type Thing = 1;\n`,
      };
      const breach = `the console imports a type of ${layer}`;
      const seenByLint = { breach, files, at, step: 'lint', rule: 'boundaries(imports)' };
      // The contract speaks of the domain in its own types, so the compiler lets its clients see it.
      return layer === 'domain' ? [seenByLint] : [seenByLint, { breach, files, at, step: 'layers', rule: 'TS6307' }];
    }),
    lint(
      'the console imports node:',
      'console/src/planted/fs.ts',
      'boundaries(imports)',
      `export { rm } from 'node:fs';`,
    ),
    lint(
      'the console writes HTML by hand',
      'console/src/planted/Danger.tsx',
      'react(no-danger)',
      `export const Danger = () => <p dangerouslySetInnerHTML={{ __html: '<b>' }} />;`,
    ),
  ];
}

const single: readonly PlantedViolation[] = [
  lint(
    'two files import each other',
    'src/domain/plan/planted-cycle-a.ts',
    'import(no-cycle)',
    `import { b } from './planted-cycle-b.ts';\n\nexport const a = (): number => b();`,
    {
      'src/domain/plan/planted-cycle-b.ts': `import { a } from './planted-cycle-a.ts';\n\nexport const b = (): number => a();\n`,
    },
  ),
  lint(
    'two files know each other by type only',
    'src/domain/plan/planted-type-cycle-a.ts',
    'import(no-cycle)',
    `import type { B } from './planted-type-cycle-b.ts';\n\nexport interface A {\n  b: B;\n}`,
    {
      'src/domain/plan/planted-type-cycle-b.ts': `import type { A } from './planted-type-cycle-a.ts';\n\nexport interface B {\n  a: A;\n}\n`,
    },
  ),
  lint(
    'a switch forgets a case',
    'src/domain/plan/planted-switch.ts',
    'typescript(switch-exhaustiveness-check)',
    `import type { Verdict } from '../shared/verdict.ts';

export function forget(verdict: Verdict): void {
  switch (verdict) {
    case 'weak':
      return;
  }
}`,
  ),
  lint(
    'a default branch swallows the case that is added next year',
    'src/domain/plan/planted-default.ts',
    'typescript(switch-exhaustiveness-check)',
    `import type { Verdict } from '../shared/verdict.ts';

export function swallow(verdict: Verdict): boolean {
  switch (verdict) {
    case 'weak':
      return false;
    default:
      return true;
  }
}`,
  ),
  lint(
    'nobody waits for a promise',
    'src/app/planted-floating.ts',
    'typescript(no-floating-promises)',
    `import type { Verdicts } from './ports/verdicts.ts';

export function forgetToWait(verdicts: Verdicts): void {
  verdicts.read();
}`,
  ),
  lint(
    'nobody waits for a promise in a test',
    'test/planted-floating.test.ts',
    'typescript(no-floating-promises)',
    `import { it } from 'vitest';

it('waits', () => {
  Promise.resolve();
});`,
  ),
  lint(
    'a promise is taken for a yes',
    'src/app/planted-misused.ts',
    'typescript(no-misused-promises)',
    `export function mistake(mayAct: () => Promise<boolean>): string {
  if (mayAct()) return 'acts';
  return 'holds';
}`,
  ),
  lint(
    'an error is swallowed because a returned promise left its try',
    'src/app/planted-return-await.ts',
    'typescript(return-await)',
    `export async function escape(act: () => Promise<void>): Promise<void> {
  try {
    return act();
  } catch {
    return undefined;
  }
}`,
  ),
  lint(
    'one adapter imports another',
    'src/adapters/mail/planted-neighbour.ts',
    'boundaries(imports)',
    `import type { listVerdicts } from '../list/read-verdicts.ts';\n\nexport type Taken = typeof listVerdicts;`,
  ),
  lint(
    'the domain order is broken inside a type expression',
    'src/domain/shared/planted-type-expression.ts',
    'boundaries(imports)',
    `export type Leak = import('../ledger/events.ts').ledgerEvents;`,
  ),
  lint(
    'a word that the glossary does not know gets a folder',
    'src/domain/planted-word/thing.ts',
    'boundaries(imports)',
    `import type { Verdict } from '../shared/verdict.ts';\n\nexport type Thing = Verdict;`,
  ),
  lint(
    'src imports a test',
    'src/main/planted-test-import.ts',
    'boundaries(imports)',
    `export const leak = () => import('../../test/admit-verdict.test.ts');`,
  ),
  lint(
    'SQL is written outside the adapters',
    'src/http/planted-sql.ts',
    'boundaries(no-sql)',
    `export const leak = (table: string) => \`SELECT * FROM \${table}\`;`,
  ),
  lint(
    'a route loads the SQL driver',
    'src/http/planted-driver.ts',
    'boundaries(imports)',
    `import type { Pool } from 'pg';\n\nexport type Leak = Pool;`,
  ),
  lint(
    'a barrel re-exports its neighbours',
    'src/domain/guardrail/planted-barrel.ts',
    'boundaries(no-barrel)',
    `export * from './admit-verdict.ts';`,
  ),
  lint('a file is called index', 'src/config/index.ts', 'boundaries(no-barrel)', `export const nameless = 1;`),
  lint(
    'a default export has no name to search for',
    'src/config/planted-default-export.ts',
    'import(no-default-export)',
    `export default 1;`,
  ),
  lint(
    'a type is any',
    'src/config/planted-any.ts',
    'typescript(no-explicit-any)',
    `export const anything = (value: any): string => String(value);`,
  ),
  lint(
    'a missing value is waved through',
    'src/config/planted-non-null.ts',
    'typescript(no-non-null-assertion)',
    `export const first = (words: readonly string[]): string => words[0]!;`,
  ),
  lint(
    'a type error is silenced',
    'src/config/planted-ignore.ts',
    'typescript(ban-ts-comment)',
    `// @ts-ignore\nexport const wrong: number = 'one';`,
  ),
  lint(
    'an adapter prints to the console',
    'src/adapters/mail/planted-console.ts',
    'eslint(no-console)',
    `console.log('sent');`,
  ),
  lint(
    'a file grows past 600 lines',
    'src/config/planted-long.ts',
    'eslint(max-lines)',
    Array.from({ length: 601 }, (_, line) => `export const line${line} = ${line};`).join('\n'),
  ),
  lint(
    'a suppression outlives what it suppressed',
    'src/config/planted-stale-suppression.ts',
    'Unused oxlint-disable',
    `// oxlint-disable-next-line no-console -- it printed once\nexport const quiet = 1;`,
  ),
  lint(
    'one test runs and the rest are silent',
    'test/planted-only.test.ts',
    'vitest(no-focused-tests)',
    `import { it } from 'vitest';\n\nit.only('is alone', () => undefined);`,
  ),
  lint(
    'a test is skipped',
    'test/planted-skip.test.ts',
    'vitest(no-disabled-tests)',
    `import { it } from 'vitest';\n\nit.skip('is left out', () => undefined);`,
  ),
  types(
    'a value that may be missing is used',
    'src/domain/plan/planted-unchecked-index.ts',
    'TS2322',
    `export const first = (words: readonly string[]): string => words[0];`,
  ),
  types(
    'syntax is used that Node cannot strip',
    'src/domain/plan/planted-enum.ts',
    'TS1294',
    `export enum Verdicts {\n  Weak,\n}`,
  ),
  {
    breach: 'an export is used by nobody',
    files: {
      'src/config/port.ts': `export const port = 8080;\n\nexport const plantedUnused = 1;\n`,
    },
    at: 'src/config/port.ts',
    step: 'dead code',
    rule: 'plantedUnused',
  },
  {
    breach: 'a guardrail is called by its test only',
    files: {
      'src/domain/guardrail/planted-guardrail.ts': `export function plantedGuardrail(): boolean {\n  return false;\n}\n`,
      'test/planted-guardrail.test.ts': `import { expect, it } from 'vitest';
import { plantedGuardrail } from '../src/domain/guardrail/planted-guardrail.ts';

it('holds', () => {
  expect(plantedGuardrail()).toBe(false);
});
`,
    },
    at: 'src/domain/guardrail/planted-guardrail.ts',
    step: 'dead code in production',
    rule: 'src/domain/guardrail/planted-guardrail.ts',
  },
  {
    breach: 'a guardrail in a file that is used is called by its test only',
    files: {
      'src/domain/guardrail/admit-verdict.ts': `import type { Verdict } from '../shared/verdict.ts';

export function admitVerdict(verdict: Verdict): boolean {
  return verdict === 'verified';
}

export function plantedLimit(): boolean {
  return false;
}
`,
      'test/planted-limit.test.ts': `import { expect, it } from 'vitest';
import { plantedLimit } from '../src/domain/guardrail/admit-verdict.ts';

it('holds', () => {
  expect(plantedLimit()).toBe(false);
});
`,
    },
    at: 'src/domain/guardrail/admit-verdict.ts',
    step: 'dead code in production',
    rule: 'plantedLimit',
  },
  {
    breach: 'a file is not formatted',
    files: { 'src/config/planted-format.ts': `export const  crooked = "1"\n` },
    at: 'src/config/planted-format.ts',
    step: 'format',
    rule: 'src/config/planted-format.ts',
  },
  {
    breach: 'a generated page no longer says what the code says',
    files: {
      'src/domain/ledger/events.ts': `export const ledgerEvents = { 'plan.frozen': 'A plan was frozen, and more.' };\n`,
    },
    at: 'docs/reference/events.md',
    step: 'references',
    rule: 'docs/reference/events.md',
  },
];

export const plantedViolations: readonly PlantedViolation[] = [
  ...crossedLayers(),
  ...ambientWorld(),
  ...impurePackages(),
  ...brokenDomainOrder(),
  ...consoleBeyondContract(),
  ...single,
];
