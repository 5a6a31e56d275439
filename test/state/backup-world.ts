import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupReport, ImportReport } from '../../src/cli/local-verbs.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Config } from '../../src/config/config.ts';
import { exportBackup } from '../../src/main/backup/export-backup.ts';
import { importBackup } from '../../src/main/backup/import-backup.ts';
import { worldEnvironment } from '../support/rollout-world.ts';
import type { RolloutWorld } from '../support/rollout-world.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

export const passphrase = 'seven herons in a row';
const sealingKey = Buffer.alloc(32, 9);

/** A machine: a home with the keys of a world, or without any. */
export async function makeHome(world: RolloutWorld | null): Promise<Config> {
  const home = makeTempFolder('home');
  if (world !== null) {
    await mkdir(join(home, 'keys'), { mode: 0o700 });
    await writeFile(join(home, 'keys', 'ledger.key'), world.ledgerKey.toPem(), { mode: 0o600 });
    const line = `allclear-sealing-key-v1 ${sealingKey.toString('base64url')}\n`;
    await writeFile(join(home, 'keys', 'seal.key'), line, { mode: 0o600 });
  }
  const env = {
    ALLCLEAR_HOME: home,
    ALLCLEAR_ENVIRONMENT: worldEnvironment,
    ...(world === null ? {} : { ALLCLEAR_STATE_DIR: world.stateDir }),
    // Production and staging are refused with stand-ins.
    DATABASE_URL: 'postgres://nobody@127.0.0.1/none',
    SMTP_URL: 'smtps://mail.test',
    ALLCLEAR_DIRECTORY_URL: 'postgres://nobody@127.0.0.1/none',
    PUBLIC_URL: 'https://account.chirp.test',
  };
  return loadConfig({ env, flags: {}, cwd: home }).config;
}

export function exportFrom(url: string, config: Config, file: string, withKeys = false): Promise<BackupReport> {
  return exportBackup(config, url, { file, passphrase, withKeys }, () => undefined);
}

export function importInto(url: string, config: Config, file: string, typed = passphrase): Promise<ImportReport> {
  return importBackup(config, url, { file, passphrase: typed }, () => undefined);
}
