import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { digests } from '../adapters/crypto/digests.ts';
import { openLedgerKey } from '../adapters/crypto/key-file.ts';
import { signatures } from '../adapters/crypto/signing-key.ts';
import type { SigningKey } from '../adapters/crypto/signing-key.ts';
import { rememberVerified } from '../adapters/crypto/verified-signatures.ts';
import { makeAddressKeys } from '../adapters/feedback/address-key.ts';
import { makeFileFence } from '../adapters/fence/file-fence.ts';
import { makeFilePermitJournal } from '../adapters/fence/file-permit-journal.ts';
import type { FileFence } from '../adapters/fence/file-fence.ts';
import { addHostLevels } from '../adapters/metrics/host-levels.ts';
import { measureDirectory } from '../adapters/metrics/measure-directory.ts';
import { measureStore } from '../adapters/metrics/measure-store.ts';
import { makeMetrics } from '../adapters/metrics/metrics.ts';
import type { Metrics } from '../adapters/metrics/metrics.ts';
import { makeNoticeNumbers } from '../adapters/notice/notice-numbers.ts';
import { makeDatabase, makePool } from '../adapters/postgres/database.ts';
import { migrate, requireMigrated } from '../adapters/postgres/migrate.ts';
import { preparingPool } from '../adapters/postgres/prepared-statements.ts';
import { makeRateStore } from '../adapters/postgres/rate-store.ts';
import { makeStore } from '../adapters/postgres/store.ts';
import { makeSeal } from '../adapters/seal/seal.ts';
import { ensureSealKey } from '../adapters/seal/seal-key-file.ts';
import { loadKeyRing } from '../adapters/seal/key-ring.ts';
import type { KeyRing } from '../adapters/seal/key-ring.ts';
import { readTemplateCatalog } from '../adapters/template/read-template-catalog.ts';
import { openDeployment } from '../app/deployment/open-deployment.ts';
import { makeApprovalWatch } from '../app/approval/approval-watch.ts';
import type { Clock } from '../app/ports/clock.ts';
import type { Deployment } from '../app/ports/deployment-store.ts';
import type { Directory } from '../app/ports/directory.ts';
import type { NoticeNumbers } from '../app/ports/notice-numbers.ts';
import type { PermitJournal } from '../app/ports/permit-journal.ts';
import type { RateStore } from '../app/ports/rate-store.ts';
import type { Seal } from '../app/ports/seal.ts';
import type { Store } from '../app/ports/store.ts';
import type { TemplateCatalog } from '../app/ports/template-catalog.ts';
import { makeRolloutPolicy } from '../app/rollout/rollout-policy.ts';
import type { RolloutPolicy } from '../app/rollout/rollout-policy.ts';
import type { Config } from '../config/config.ts';
import { Failure } from '../domain/shared/failure.ts';
import { readCodeVersion } from './code-version.ts';
import { makeHalting } from './halting.ts';
import type { Halting } from './halting.ts';
import { makeDrillHost } from './drill/drill-host.ts';
import type { DrillHost } from './drill/drill-host.ts';
import { drillRuleOf } from './drill/drill-rule.ts';
import { hasFeedbackChannel } from './feedback-channels.ts';
import { openDirectory } from './open-directory.ts';
import { openDkim } from './open-dkim.ts';
import type { Dkim } from './open-dkim.ts';
import type { OpenedDirectory } from './open-directory.ts';

const templateFolder = fileURLToPath(new URL('../../templates/notices/', import.meta.url));

/** What the server and every worker are made of: one installation, opened once per process. */
export interface Installation {
  readonly config: Config;
  readonly log: Logger;
  readonly store: Store;
  readonly rateStore: RateStore;
  readonly databaseUrl: string;
  readonly clock: Clock;
  readonly codeVersion: string;
  readonly deployment: Deployment;
  readonly ledgerKey: SigningKey;
  readonly keys: KeyRing;
  readonly seal: Seal;
  readonly directory: Directory;
  readonly templates: TemplateCatalog;
  readonly noticeNumbers: NoticeNumbers;
  /** Null: mails leave unsigned. */
  readonly dkim: Dkim | null;
  /** Names an address in the list of those that reach nobody. */
  readonly addressKey: (address: string) => string;
  readonly policy: RolloutPolicy;
  readonly fence: FileFence;
  readonly halting: Halting;
  readonly metrics: Metrics;
  readonly journal: PermitJournal;
  readonly drills: DrillHost;
  /** Keys that were made just now and are to be backed up. */
  readonly keysMade: readonly string[];
  close(): Promise<void>;
}

export const systemClock: Clock = { now: () => new Date(), monotonicMs: () => performance.now() };

/** `Failure('usage')` where an address is missing; `key-missing`, `environment-mismatch` as the parts say. */
export async function openInstallation(config: Config, name: string, log: Logger): Promise<Installation> {
  const databaseUrl = config.databaseUrl ?? missing('DATABASE_URL');
  let closing = false;
  const warnUnlessClosing = (error: Error, words: string): void => {
    if (!closing) log.warn({ err: error }, words);
  };
  const pool = makePool({
    url: databaseUrl,
    applicationName: `allclear ${name}`,
    onIdleError: (error) => warnUnlessClosing(error, 'a database connection was lost'),
  });
  try {
    if (name === 'worker') await requireMigrated(pool);
    else {
      const applied = await migrate(pool);
      if (applied.length > 0) log.info({ applied }, 'migrations applied');
    }
    const metrics = makeMetrics();
    // A worker asks the same few statements for each permit. Whoever halts has connections of their own, and prepares nothing.
    const database = makeDatabase(name === 'worker' ? preparingPool(pool) : pool);
    const store = measureStore(makeStore(database, digests), metrics);
    const sealKey = await ensureSealKey(config.sealKeyFile);
    const ledgerKey = await openLedgerKey(config.ledgerKeyFile);
    const keys = await loadKeyRing(config.sealKeyFile);
    const deployment = await openDeployment(
      { store, digests },
      { name: config.serviceName, environment: config.environment, ledgerPublicKey: ledgerKey.key.publicKey },
    );
    const dkim = await openDkim(config);
    const templates = await readTemplateCatalog(templateFolder, digests);
    const opened = await openDirectory(config, {
      onIdleError: (error) => warnUnlessClosing(error, 'a directory connection was lost'),
      onCapReached: (message) =>
        log.error({ reason: message }, 'the directory refused: its cap of the hour is used up'),
    });
    await refuseUnfit(opened, log);
    const directory = measureDirectory(opened.directory, metrics);
    const codeVersion = readCodeVersion(opened.definition);
    const fence = makeFileFence(config.stateDir);
    const halting = makeHalting({
      databaseUrl,
      stateDir: config.stateDir,
      fence,
      applicationName: `allclear ${name} halt`,
      warn: (message) => log.warn(message),
      measured: (plain) => measureStore(plain, metrics),
    });
    const drills = makeDrillHost({ config, store, databaseUrl, codeVersion, log });
    const folders = { home: config.home, state: config.stateDir };
    addHostLevels(metrics, { codeVersion, pool, folders, fence: () => fence.standing() });
    return {
      config,
      log,
      store,
      rateStore: makeRateStore(database),
      databaseUrl,
      clock: systemClock,
      codeVersion,
      deployment,
      ledgerKey: ledgerKey.key,
      keys,
      seal: makeSeal(keys),
      directory,
      templates,
      noticeNumbers: makeNoticeNumbers(keys.derive('notice-number')),
      dkim,
      addressKey: makeAddressKeys(keys.derive('suppression')),
      policy: makeRolloutPolicy({
        digests,
        // Asked for each permit, over the same few approvals.
        signatures: rememberVerified(signatures),
        deploymentId: deployment.deploymentId,
        templates,
        codeVersion,
        hasFeedback: hasFeedbackChannel(config),
        drillRule: drillRuleOf(config),
        watch: makeApprovalWatch(systemClock),
      }),
      drills,
      fence,
      halting,
      metrics,
      journal: makeFilePermitJournal(config.stateDir),
      keysMade: [...(sealKey.created ? [config.sealKeyFile] : []), ...(ledgerKey.made ? [config.ledgerKeyFile] : [])],
      async close() {
        closing = true;
        await drills.stop();
        fence.stop();
        await opened.close();
        await halting.close();
        await pool.end();
      },
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** A mapping that does not fit is a person's to mend; a directory that is away may be back by the time it is needed. */
async function refuseUnfit(opened: OpenedDirectory, log: Logger): Promise<void> {
  try {
    await opened.check();
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'directory-unavailable') {
      await opened.close();
      throw error;
    }
    log.warn({ err: error }, 'the directory does not answer yet');
  }
}

export function checkpointPath(config: Config): string {
  return join(config.home, 'checkpoints.ndjson');
}

function missing(variable: string): never {
  throw new Failure('usage', `${variable} is not set. Set it, or run everything on embedded defaults: npm start`);
}
