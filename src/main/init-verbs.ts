import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { digests } from '../adapters/crypto/digests.ts';
import { openLedgerKey } from '../adapters/crypto/key-file.ts';
import { findEmbeddedPostgres, startEmbeddedPostgres } from '../adapters/embedded/postgres.ts';
import { makeDatabase, makePool } from '../adapters/postgres/database.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { makeStore } from '../adapters/postgres/store.ts';
import { ensureSealKey } from '../adapters/seal/seal-key-file.ts';
import { openDeployment } from '../app/deployment/open-deployment.ts';
import { addOperator } from '../app/operator/add-operator.ts';
import type { Store } from '../app/ports/store.ts';
import type { InitVerbs, PreparedInstallation } from '../cli/init-verbs.ts';
import { composeConfigFile } from '../config/compose-config-file.ts';
import type { Config } from '../config/config.ts';
import { describeConfig } from '../config/describe-config.ts';
import type { Field } from '../config/field.ts';
import { fields } from '../config/fields.ts';
import { loadConfig } from '../config/load-config.ts';
import { runDoctor } from './doctor/run-doctor.ts';

const ownerOnly = 0o600;
/** Looks at what only runs later. */
const looksForLater: readonly string[] = ['workers', 'server', 'halt file', 'code version', 'permits', 'ledger'];

const byName = fields as Readonly<Record<string, Field<unknown>>>;

export const makeInitVerbs = (cwd: string): InitVerbs => ({
  async readSettings(path) {
    if (!existsSync(path)) return null;
    const loaded = loadConfig({ env: {}, flags: { config: resolve(cwd, path) }, cwd });
    const settings = describeConfig(loaded).filter((one) => one.from === 'file');
    return Object.fromEntries(
      settings.map((one) => {
        const shown = typeof one.value === 'object' ? (one.value ?? []).join(',') : String(one.value);
        return [one.name, { value: one.isSecret ? secretOf(loaded.config, one.name) : shown, shown }];
      }),
    );
  },

  whatIsWrong(name, value) {
    const read = byName[name]?.schema.safeParse(value);
    if (read === undefined || read.success) return null;
    return read.error.issues[0]?.message ?? 'is not usable';
  },

  compose(path, values) {
    // As a whole: what is sound alone may be dangerous together.
    loadConfig({ env: {}, flags: values, cwd });
    const home = values['home'] ?? join(cwd, '.allclear');
    return composeConfigFile(values, join(resolve(cwd, home), 'secrets'));
  },

  async write(path, { yaml, secrets }) {
    for (const secret of secrets) {
      await mkdir(dirname(secret.path), { recursive: true, mode: 0o700 });
      await writePrivate(secret.path, `${secret.value}\n`);
    }
    await writePrivate(resolve(cwd, path), yaml);
  },

  async prepare(path, operator) {
    const { config } = loadConfig({ env: {}, flags: { config: resolve(cwd, path) }, cwd });
    await mkdir(config.home, { recursive: true, mode: 0o700 });
    return onDatabase(config, async (url) => {
      const added = await prepareStore(config, url, operator);
      const findings = (await runDoctor({ ...config, databaseUrl: url })).filter(
        (one) => !looksForLater.includes(one.check),
      );
      return { ...added, findings };
    });
  },
});

/** Secrets are texts, and only the settings beside the limits have any. */
function secretOf(config: Config, name: string): string {
  const value = (config as unknown as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' ? value : '';
}

/** The named database, or the embedded one, which is started for this and stopped again where nobody runs it. */
async function onDatabase<T>(config: Config, work: (url: string) => Promise<T>): Promise<T> {
  if (config.databaseUrl !== null) return work(config.databaseUrl);
  const dataDir = join(config.home, 'data', 'postgres');
  const running = await findEmbeddedPostgres(dataDir);
  if (running !== undefined) return work(running);
  const cluster = await startEmbeddedPostgres({ dataDir });
  try {
    return await work(cluster.url);
  } finally {
    await cluster.stop();
  }
}

async function prepareStore(
  config: Config,
  url: string,
  operator: Parameters<InitVerbs['prepare']>[1],
): Promise<Omit<PreparedInstallation, 'findings'>> {
  const pool = makePool({ url, poolSize: 2, applicationName: 'allclear init', onIdleError: () => undefined });
  try {
    await migrate(pool);
    const store = makeStore(makeDatabase(pool), digests);
    const sealKey = await ensureSealKey(config.sealKeyFile);
    const ledgerKey = await openLedgerKey(config.ledgerKeyFile);
    await openDeployment(
      { store, digests },
      { name: config.serviceName, environment: config.environment, ledgerPublicKey: ledgerKey.key.publicKey },
    );
    const sealKeyMade = sealKey.created ? config.sealKeyFile : null;
    const hasOperators = (await store.transact((tx) => tx.operators.list())).length > 0;
    if (operator === null || hasOperators) return { operator: null, hasOperators, sealKeyMade };
    const publicKey = await operator.makeKey();
    const { operator: added, token } = await addFirst(store, { ...operator, publicKey });
    if (token === null) return { operator: null, hasOperators: true, sealKeyMade };
    return { operator: { operatorId: added.operatorId, ...token }, hasOperators: true, sealKeyMade };
  } finally {
    await pool.end();
  }
}

function addFirst(
  store: Store,
  person: { readonly name: string; readonly email: string; readonly publicKey: string },
): ReturnType<typeof addOperator> {
  const { name, email, publicKey } = person;
  return addOperator(
    { store, digests, hasAnyPlan: async (tx) => (await tx.plans.list(1)).length > 0 },
    { name, email, publicKey, role: 'operator', by: 'local' },
  );
}

/** Whole or not at all, and for its owner's eyes alone. */
async function writePrivate(path: string, text: string): Promise<void> {
  const partial = `${path}.${process.pid}.new`;
  await writeFile(partial, text, { mode: ownerOnly });
  await chmod(partial, ownerOnly);
  await rename(partial, path);
}
