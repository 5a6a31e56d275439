import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { digests } from '../adapters/crypto/digests.ts';
import { openOperatorKey, writeKeyFile } from '../adapters/crypto/key-file.ts';
import { isEncryptedPem, makeSigningKey } from '../adapters/crypto/signing-key.ts';
import { makeFileFence } from '../adapters/fence/file-fence.ts';
import { relyingPartyOf } from '../adapters/passkey/relying-party.ts';
import { addOperator } from '../app/operator/add-operator.ts';
import { addLink } from '../app/passkey/make-link.ts';
import { haltRollout } from '../app/rollout/halt-rollout.ts';
import type { LocalVerbs } from '../cli/local-verbs.ts';
import type { Config } from '../config/config.ts';
import { describeConfig } from '../config/describe-config.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { Failure } from '../domain/shared/failure.ts';
import type { withLocalStore as WithLocalStore } from './local-store.ts';
import type { makeDirectoryVerbs as MakeDirectoryVerbs } from './directory-verbs.ts';
import type { makeBackupVerbs as MakeBackupVerbs } from './backup-verbs.ts';
import type { makeLossVerbs as MakeLossVerbs } from './loss-verbs.ts';
import { runDemo } from './run-demo.ts';

/** Connections to a database that hangs are not waited for. */
const closeMs = 500;

/** Read only when a verb needs the database: most commands, `halt` among them, are up sooner without it. */
const withLocalStore: typeof WithLocalStore = async (...args) =>
  (await import('./local-store.ts')).withLocalStore(...args);

const directoryVerbs = async (readConfig: () => Config): Promise<ReturnType<typeof MakeDirectoryVerbs>> =>
  (await import('./directory-verbs.ts')).makeDirectoryVerbs(readConfig);

const backupVerbs = async (readConfig: () => Config): Promise<ReturnType<typeof MakeBackupVerbs>> =>
  (await import('./backup-verbs.ts')).makeBackupVerbs(readConfig);

const lossVerbs = async (readConfig: () => Config): Promise<ReturnType<typeof MakeLossVerbs>> =>
  (await import('./loss-verbs.ts')).makeLossVerbs(readConfig);

/** What the command line does without the server, joined to this machine's database, keys and fence. */
export function makeLocalVerbs(load: (flags: { readonly url?: string }) => LoadedConfig): LocalVerbs {
  const readConfig = (): Config => load({}).config;
  return {
    runDoctor: async () => (await import('./doctor/run-doctor.ts')).runDoctor(readConfig()),
    showConfig: (flags) => describeConfig(load(flags)),

    openInit: async () => (await import('./init-verbs.ts')).makeInitVerbs(process.cwd()),

    signing: {
      digests,
      isEncrypted: async (path) => isEncryptedPem(await readKey(path)),
      openKey: async (path, passphrase) =>
        (await openOperatorKey(path, readConfig().environment, passphrase ?? undefined)).key,
      async makeKey(path, passphrase) {
        const key = makeSigningKey();
        await writeKeyFile(path, key, passphrase ?? undefined);
        return { publicKey: key.publicKey };
      },
      removeKey: (path) => rm(path, { force: true }),
    },

    addFirstOperator: (operator) =>
      withLocalStore(readConfig(), async ({ store }) => {
        const hasAnyPlan = async (tx: Parameters<Parameters<typeof store.transact>[0]>[0]) =>
          (await tx.plans.list(1)).length > 0;
        const { operator: added, token } = await addOperator(
          { store, digests, hasAnyPlan },
          { ...operator, by: 'local' },
        );
        if (token === null) throw new Failure('internal', `${added.operatorId} was added and got no token.`);
        const link = await store.transact((tx) => addLink(digests, tx, added.operatorId, 'local'));
        if (link === null) throw new Failure('internal', `${added.operatorId} was added and got no link.`);
        const { config, origins } = load({});
        const isSet = origins.get('publicUrl')?.from !== 'default';
        const consoleOrigin = isSet ? relyingPartyOf(config.publicUrl).origin : null;
        return { operatorId: added.operatorId, ...token, link: { ...link, consoleOrigin } };
      }),

    canHaltDirect() {
      try {
        return existsSync(join(readConfig().stateDir, 'fence'));
      } catch {
        return false;
      }
    },

    async haltDirect(request) {
      const config = readConfig();
      const [{ makeHalting }, { findEmbeddedPostgres }] = await Promise.all([
        import('./halting.ts'),
        import('../adapters/embedded/postgres.ts'),
      ]);
      const databaseUrl = config.databaseUrl ?? (await findEmbeddedPostgres(join(config.home, 'data', 'postgres')));
      const fence = makeFileFence(config.stateDir);
      const halting = makeHalting({
        // An address at which nothing listens: the halt stands on this host, and is entered by whoever reaches the database.
        databaseUrl: databaseUrl ?? 'postgres://127.0.0.1:1/none',
        stateDir: config.stateDir,
        fence,
        applicationName: 'allclear cli halt',
        warn: (message) => void process.stderr.write(`${message}\n`),
      });
      try {
        return await haltRollout(halting.deps, { ...request, by: 'direct' });
      } finally {
        fence.stop();
        await Promise.race([halting.close(), delay(closeMs, undefined, { ref: false })]);
      }
    },

    exportBackup: async (...given) => (await backupVerbs(readConfig)).exportBackup(...given),
    checkBackup: async (...given) => (await backupVerbs(readConfig)).checkBackup(...given),
    importBackup: async (...given) => (await backupVerbs(readConfig)).importBackup(...given),
    migrate: async (request) => (await backupVerbs(readConfig)).migrate(request),

    previewLoss: async (request) => (await lossVerbs(readConfig)).previewLoss(request),
    acceptLoss: async (request, total) => (await lossVerbs(readConfig)).acceptLoss(request, total),

    proposeDirectory: async (request) => (await directoryVerbs(readConfig)).proposeDirectory(request),
    testDirectory: async (request) => (await directoryVerbs(readConfig)).testDirectory(request),

    async makeMailKeys() {
      const { dkim, made } = await (await import('./open-dkim.ts')).makeDkimKeys(readConfig());
      return { domain: dkim.domain, made, records: dkim.records };
    },

    runDemo,
  };
}

async function readKey(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Failure('key-missing', `The key file cannot be read (${code}): ${path}`);
  }
}
