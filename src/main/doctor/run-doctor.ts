import { join } from 'node:path';
import { makeCheckpointFile } from '../../adapters/checkpoint/checkpoint-file.ts';
import { digests } from '../../adapters/crypto/digests.ts';
import { openOperatorKey } from '../../adapters/crypto/key-file.ts';
import { signatures } from '../../adapters/crypto/signing-key.ts';
import { findEmbeddedPostgres } from '../../adapters/embedded/postgres.ts';
import { systemResolve } from '../../adapters/mail/look-up.ts';
import type { Resolve } from '../../adapters/mail/look-up.ts';
import { makeDatabase, makePool } from '../../adapters/postgres/database.ts';
import { inspectDatabase } from '../../adapters/postgres/inspect-database.ts';
import { readMigrationState } from '../../adapters/postgres/migrate.ts';
import { makeStore } from '../../adapters/postgres/store.ts';
import { loadKeyRing } from '../../adapters/seal/key-ring.ts';
import { makeSeal } from '../../adapters/seal/seal.ts';
import { checkClock } from '../../app/doctor/check-clock.ts';
import { checkLedger } from '../../app/doctor/check-ledger.ts';
import { checkMailPace } from '../../app/doctor/check-mail-pace.ts';
import { checkRollouts } from '../../app/doctor/check-rollouts.ts';
import { checkSeals } from '../../app/doctor/check-seals.ts';
import { checkStanding } from '../../app/doctor/check-standing.ts';
import { checkWorkers } from '../../app/doctor/check-workers.ts';
import type { CheckFinding } from '../../app/doctor/finding.ts';
import { doubtful, failing, sound } from '../../app/doctor/finding.ts';
import { judgeCanary } from '../../app/doctor/judge-canary.ts';
import { judgeDatabase, judgeMigrations } from '../../app/doctor/judge-database.ts';
import type { Clock } from '../../app/ports/clock.ts';
import type { Deployment } from '../../app/ports/deployment-store.ts';
import type { Store } from '../../app/ports/store.ts';
import type { Config } from '../../config/config.ts';
import { readCanaryResult } from '../canary-result.ts';
import { readCodeVersion } from '../code-version.ts';
import { openDirectory, readDirectoryDefinition } from '../open-directory.ts';
import { checkpointPath, systemClock } from '../installation.ts';
import { checkConsole } from './check-console.ts';
import { checkDisks, checkHaltFile, checkPrivateFile } from './check-files.ts';
import { checkMailer } from './check-mailer.ts';
import { checkSender } from './check-sender.ts';
import { checkServer } from './check-server.ts';

/** A look that takes longer is a finding itself; a person waits for the whole. */
const lookTimeoutMs = 15_000;

/**
 * Looks at everything that this installation needs, from the machine it is run on, and changes nothing: no key is made,
 * nothing is migrated, no mail is sent. Each look stands alone: one that cannot be done is a finding of its own.
 */
export async function runDoctor(
  config: Config,
  clock: Clock = systemClock,
  resolve: Resolve = systemResolve(),
): Promise<readonly CheckFinding[]> {
  const findings: CheckFinding[] = [];
  const look = async (check: string, work: () => Promise<CheckFinding | readonly CheckFinding[]>): Promise<void> => {
    findings.push(...[await inTime(check, work)].flat());
  };
  await look('halt file', () => checkHaltFile(config));
  await look('disk', () => checkDisks(config));
  await look('server', () => checkServer(config.url));
  await look('console', () => checkConsole(config));
  await look('mailer', async () =>
    config.smtpUrl === null ? standIn('mailer', 'SMTP_URL', 'the built-in mailbox') : checkMailer(config.smtpUrl),
  );
  await look('sender', () => checkSender(config, resolve));
  await look('directory', () => checkDirectory(config));
  if (config.directoryUrl !== null) await look('canary', () => checkCanary(config, clock));
  const url = config.databaseUrl ?? (await findEmbeddedPostgres(join(config.home, 'data', 'postgres')));
  if (url === undefined) {
    findings.push(
      failing('database', `none runs for ${config.home}, and DATABASE_URL is not set`, 'Start it with: npm start'),
    );
    return findings;
  }
  let isThere = false;
  await look('database', async () => {
    const facts = await inspectDatabase(url);
    isThere = true;
    return judgeDatabase(facts);
  });
  if (!isThere) return findings;
  const pool = makePool({ url, poolSize: 2, applicationName: 'allclear doctor', onIdleError: () => undefined });
  try {
    const migrations = await readMigrationState(pool);
    findings.push(judgeMigrations(migrations));
    // The questions below are put to tables that a database may not have yet.
    if (migrations.missing.length > 0) return findings;
    const store = makeStore(makeDatabase(pool), digests);
    await look('clock', () => checkClock(store, clock));
    const deployment = await store.transact((tx) => tx.deployment.read());
    if (deployment === null) {
      findings.push(doubtful('deployment', 'no server ever started on this database', 'Start the server.'));
      return findings;
    }
    await look('deployment', async () => judgeDeployment(config, deployment));
    await look('standing', () => checkStanding(store));
    await look('sealing key', () => checkSealingKey(config, store, deployment));
    await look('ledger', () => checkLedgerKey(config, store, deployment, clock));
    await look('workers', async () => checkWorkers(store, readCodeVersion(await readDirectoryDefinition(config))));
    await look('rollouts', () => checkRollouts(store));
    const { environment, mailQuotaPerDay: quotaPerDay } = config;
    await look('mail queue', () => checkMailPace(store, { environment, quotaPerDay }));
    return findings;
  } finally {
    await pool.end();
  }
}

async function inTime(
  check: string,
  work: () => Promise<CheckFinding | readonly CheckFinding[]>,
): Promise<CheckFinding | readonly CheckFinding[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckFinding>((resolve) => {
    const tell = (): void =>
      resolve(failing(check, `no answer in ${lookTimeoutMs / 1_000} s`, 'Look at it by itself: it hangs.'));
    timer = setTimeout(tell, lookTimeoutMs);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    // Messages of drivers name hosts and codes, never what was sent; none of them is given a URL.
    const words =
      error instanceof Error && error.message !== '' ? error.message : String((error as { code?: unknown }).code);
    return failing(check, words, 'Correct the setting that leads there: allclear config show');
  } finally {
    clearTimeout(timer);
  }
}

async function checkDirectory(config: Config): Promise<CheckFinding> {
  const { directoryUrl, directoryName: name, environment } = config;
  if (directoryUrl === null) return standIn('directory', 'ALLCLEAR_DIRECTORY_URL', 'the sample service');
  const opened = await openDirectory(config, {
    onIdleError: () => undefined,
    onCapReached: () => undefined,
  });
  try {
    await opened.check();
    const accounts = await opened.directory.countAccounts();
    const seen = `${name} (${environment}) answers, ${accounts} accounts`;
    if (accounts === 0)
      return doubtful('directory', seen, 'Nobody is in it: see that ALLCLEAR_DIRECTORY_URL names the right database.');
    return sound('directory', seen);
  } finally {
    await opened.close();
  }
}

async function checkCanary(config: Config, clock: Clock): Promise<CheckFinding> {
  return judgeCanary({
    environment: config.environment,
    directory: config.directoryName,
    configured: config.directoryCanary,
    last: await readCanaryResult(config),
    codeVersion: readCodeVersion(await readDirectoryDefinition(config)),
    now: clock.now(),
  });
}

/** Production refuses to start without the real one (refuse-unsafe-mix). */
function standIn(check: string, variable: string, what: string): CheckFinding {
  return doubtful(check, `${variable} is not set here: ${what} is used, and was not looked at`, `Set ${variable}.`);
}

function judgeDeployment(config: Config, deployment: Deployment): CheckFinding {
  const seen = `${deployment.deploymentId}, ${deployment.environment}`;
  return deployment.environment === config.environment
    ? sound('deployment', seen)
    : failing(
        'deployment',
        `${seen}; this machine is set to ${config.environment}`,
        'Correct ALLCLEAR_ENVIRONMENT, or DATABASE_URL.',
      );
}

async function checkSealingKey(config: Config, store: Store, deployment: Deployment): Promise<readonly CheckFinding[]> {
  const refusal = await checkPrivateFile('sealing key', config.sealKeyFile);
  if (refusal !== null) return [refusal];
  const keys = await loadKeyRing(config.sealKeyFile);
  return [
    sound('sealing key', `${config.sealKeyFile}, 0600, fingerprint ${keys.fingerprint}`),
    await checkSeals({
      store,
      seal: makeSeal(keys),
      deployment: deployment.deploymentId,
      fingerprint: keys.fingerprint,
    }),
  ];
}

async function checkLedgerKey(
  config: Config,
  store: Store,
  deployment: Deployment,
  clock: Clock,
): Promise<readonly CheckFinding[]> {
  const refusal = await checkPrivateFile('ledger key', config.ledgerKeyFile);
  if (refusal !== null) return [refusal];
  const { key } = await openOperatorKey(config.ledgerKeyFile, 'sample');
  const isOurs = key.publicKey === deployment.ledgerPublicKey;
  const seen = `${config.ledgerKeyFile}, 0600, public key ${key.publicKey}`;
  return [
    isOurs
      ? sound('ledger key', seen)
      : failing(
          'ledger key',
          `${seen}, and ${deployment.deploymentId} was made with ${deployment.ledgerPublicKey}`,
          'Name the right file in ALLCLEAR_LEDGER_KEY_FILE. See docs/runbooks/lost-key.md.',
        ),
    await checkLedger({
      store,
      clock,
      log: makeCheckpointFile(checkpointPath(config)),
      signatures,
      digests,
      deploymentId: deployment.deploymentId,
      ledgerPublicKey: deployment.ledgerPublicKey,
    }),
  ];
}
