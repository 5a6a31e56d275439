import { readFile, rm } from 'node:fs/promises';
import { digests } from '../adapters/crypto/digests.ts';
import { openOperatorKey, writeKeyFile } from '../adapters/crypto/key-file.ts';
import { isEncryptedPem, makeSigningKey } from '../adapters/crypto/signing-key.ts';
import { makeFileFence } from '../adapters/fence/file-fence.ts';
import { addOperator } from '../app/operator/add-operator.ts';
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
        return { operatorId: added.operatorId, ...token };
      }),

    haltDirect(request) {
      const config = readConfig();
      return withLocalStore(config, async ({ store, publishHalt }) => {
        const fence = makeFileFence(config.stateDir);
        try {
          const warn = (message: string) => void process.stderr.write(`${message}\n`);
          return await haltRollout({ store, fence, publishHalt, warn }, { ...request, by: 'direct' });
        } finally {
          fence.stop();
        }
      });
    },

    exportBackup: async (...given) => (await backupVerbs(readConfig)).exportBackup(...given),
    checkBackup: async (...given) => (await backupVerbs(readConfig)).checkBackup(...given),
    importBackup: async (...given) => (await backupVerbs(readConfig)).importBackup(...given),
    migrate: async (request) => (await backupVerbs(readConfig)).migrate(request),

    previewLoss: async (request) => (await lossVerbs(readConfig)).previewLoss(request),
    acceptLoss: async (request, total) => (await lossVerbs(readConfig)).acceptLoss(request, total),

    proposeDirectory: async (request) => (await directoryVerbs(readConfig)).proposeDirectory(request),
    testDirectory: async (request) => (await directoryVerbs(readConfig)).testDirectory(request),

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
