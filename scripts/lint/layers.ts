/**
 * Who may import whom. `tsc -b` holds the layers as well, by its project references; this table adds what projects
 * cannot say: the order of words inside the domain, adapters that stay strangers, and which packages a layer may see.
 */
export const layerMayImport: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  app: ['domain'],
  contract: ['domain'],
  config: ['domain'],
  adapters: ['app', 'domain'],
  http: ['app', 'domain', 'contract'],
  cli: ['app', 'domain', 'contract'],
  main: ['app', 'domain', 'contract', 'config', 'adapters', 'http', 'cli'],
};

/** Lowest first. A word imports words of lower steps only; words on one step do not know each other. */
const domainSteps: readonly (readonly string[])[] = [
  ['shared'],
  ['rate'],
  ['evidence'],
  ['plan'],
  ['guardrail', 'approval'],
  ['rollout'],
  ['action', 'notice'],
  ['recovery', 'appeal'],
  ['retraction', 'drill'],
  ['ledger'],
];

/** Layers that run anywhere: no `node:` module, and no npm package but those named here. */
const packagesOfPureLayers: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  app: [],
  contract: ['zod', '@hono/zod-openapi'],
};

/** SQL has one home. These packages speak it, so only adapters may load them. */
const sqlPackages = new Set(['kysely', 'pg', 'pg-cursor', 'pg-copy-streams']);

/**
 * Pure decisions that the console runs as well, in the browser, so that it need not believe the server: what a yes is to.
 * Each file by name; what they import in turn is bundled with them, so they stay small.
 */
const sharedWithConsole: ReadonlySet<string> = new Set([
  'src/domain/approval/digest-words.ts',
  'src/domain/approval/offered-statement.ts',
  'src/domain/approval/operator.ts',
  'src/domain/approval/own-review.ts',
  'src/domain/plan/recompute-plan.ts',
  'src/domain/retraction/recompute-retraction.ts',
  'src/domain/rollout/held-verdict.ts',
  'src/domain/plan/suspension-terms.ts',
  'src/domain/shared/failure.ts',
  'src/domain/shared/ids.ts',
]);

/** Why the file `from` must not import `to` (both relative to the root, like `src/domain/plan/x.ts`), or undefined. */
export function refuseFileImport(from: string, to: string): string | undefined {
  const [fromRoot, fromLayer = '', fromWord = ''] = from.split('/');
  const [toRoot = '', toLayer = '', toWord = ''] = to.split('/');
  if (fromRoot === 'console') return refuseConsoleImport(to);
  if (fromRoot !== 'src') return undefined;
  if (toRoot !== 'src') return `src never imports ${toRoot}/: what runs in production lives in src`;
  if (fromLayer !== toLayer) {
    const allowed = layerMayImport[fromLayer] ?? [];
    if (allowed.includes(toLayer)) return undefined;
    return `${fromLayer} may import ${allowed.join(', ') || 'nothing'}, not ${toLayer}`;
  }
  if (fromWord === toWord) return undefined;
  if (fromLayer === 'adapters') return `adapter ${fromWord} may not import adapter ${toWord}: join them in src/main`;
  if (fromLayer === 'domain') return refuseDomainWord(fromWord, toWord);
  return undefined;
}

/** The console is a client like any other: it knows what the API says, and nothing of how it comes about. */
function refuseConsoleImport(to: string): string | undefined {
  const [toRoot, toLayer] = to.split('/');
  if (toRoot === 'console' || sharedWithConsole.has(to)) return undefined;
  if (toRoot === 'src' && toLayer === 'contract') return undefined;
  return `the console may import src/contract and the files of sharedWithConsole, not ${to}`;
}

function refuseDomainWord(from: string, to: string): string | undefined {
  const fromStep = domainSteps.findIndex((words) => words.includes(from));
  const toStep = domainSteps.findIndex((words) => words.includes(to));
  if (fromStep === -1 || toStep === -1) {
    return `domain/${fromStep === -1 ? from : to} has no step: add the word to the glossary and to domainSteps`;
  }
  if (toStep < fromStep) return undefined;
  return `domain/${from} may not import domain/${to}: the order is ${domainSteps.map((words) => words.join(' = ')).join(' < ')}`;
}

/** Why the file `from` must not import the package or `node:` module `specifier`, or undefined. */
export function refusePackageImport(from: string, specifier: string): string | undefined {
  const [root, layer = ''] = from.split('/');
  if (root === 'console' && layer === 'src' && specifier.startsWith('node:'))
    return 'the console runs in a browser, which has no node: modules';
  if (root !== 'src') return undefined;
  const name = specifier.startsWith('node:') ? specifier : packageName(specifier);
  const allowed = packagesOfPureLayers[layer];
  if (allowed !== undefined && !allowed.includes(name)) {
    return `${layer} is pure: it may not import ${name}; take what you need as a value or through a port`;
  }
  if (sqlPackages.has(name) && layer !== 'adapters') return `${name} speaks SQL, which lives in src/adapters and sql/`;
  return undefined;
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
