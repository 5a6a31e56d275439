import { randomInt } from 'node:crypto';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { digests } from '../adapters/crypto/digests.ts';
import { proposeMapping } from '../adapters/directory/sql/propose-mapping.ts';
import { writeMapping } from '../adapters/directory/sql/write-mapping.ts';
import { makePasswordSchemes } from '../adapters/password/password-schemes.ts';
import { makeCanaryFile } from '../adapters/seal/canary-file.ts';
import { loadKeyRing } from '../adapters/seal/key-ring.ts';
import { makeSeal } from '../adapters/seal/seal.ts';
import { ensureSealKey } from '../adapters/seal/seal-key-file.ts';
import { testDirectory } from '../app/directory/test-directory.ts';
import type { LocalVerbs } from '../cli/local-verbs.ts';
import type { Config } from '../config/config.ts';
import { Failure } from '../domain/shared/failure.ts';
import { keepCanaryResult } from './canary-result.ts';
import { readCodeVersion } from './code-version.ts';
import { systemClock } from './installation.ts';
import { openDirectory } from './open-directory.ts';

/** Restore points of plans are counted from 1; a canary's is drawn from beyond any count. */
const canaryPointsFrom = 8_000_000_000_000_000;
/** The widest range that `randomInt` draws from. */
const canaryPoints = 2 ** 47;
const schemes = makePasswordSchemes();
/** bcrypt at its slowest takes a second or two; more is a service that hangs. */
const signInTimeoutMs = 30_000;

export const makeDirectoryVerbs = (
  readConfig: () => Config,
): Pick<LocalVerbs, 'proposeDirectory' | 'testDirectory'> => ({
  async proposeDirectory({ url, schema, mode, role, recoveryRole, capPerHour }) {
    const databaseUrl = url ?? readConfig().directoryUrl;
    if (databaseUrl === null || !/^postgres(ql)?:\/\//.test(databaseUrl)) {
      throw new Failure(
        'usage',
        'Name the database: allclear directory add postgres://..., or ALLCLEAR_DIRECTORY_URL.',
      );
    }
    const proposal = await proposeMapping({
      databaseUrl,
      mode,
      role,
      recoveryRole: recoveryRole ?? null,
      capPerHour,
      schemeOf: (hash) => schemes.schemeOf(hash),
      ...(schema === null ? {} : { schema }),
    });
    return { ...proposal, yaml: writeMapping(proposal) };
  },

  async testDirectory({ canary: typed, password, signIn }) {
    const config = readConfig();
    const canary = typed ?? config.directoryCanary;
    if (canary === null) {
      throw new Failure(
        'usage',
        'Name an account that belongs to nobody: --canary ACCOUNT, or ALLCLEAR_DIRECTORY_CANARY. Its sessions will end.',
      );
    }
    const opened = await openDirectory(config, { onIdleError: () => undefined, onCapReached: () => undefined });
    try {
      const { roleCanWriteHashes, timeZones } = await opened.check();
      await ensureSealKey(config.sealKeyFile);
      const test = await testDirectory(
        {
          directory: opened.directory,
          seal: makeSeal(await loadKeyRing(config.sealKeyFile)),
          digests,
          schemes,
          keep: makeCanaryFile(join(config.home, 'directory-test.json')),
          signIn: signIn === null ? null : (address, attempt) => runSignIn(signIn, address, attempt),
        },
        { canary, password, restorePoint: canaryPointsFrom + randomInt(canaryPoints) },
      );
      await keepCanaryResult(config, {
        at: systemClock.now().toISOString(),
        directory: test.directory,
        account: test.account,
        whole: test.whole,
        failed: test.checks.filter((check) => check.result === 'failed').length,
        untried: test.checks.filter((check) => check.result === 'not-tried').length,
        codeVersion: readCodeVersion(opened.definition),
      });
      const notes = [
        ...(roleCanWriteHashes
          ? ['This role may write any hash: whoever steals it can sign in as anybody. Prefer mode: functions.']
          : []),
        zonesInWords(timeZones, config.defaultTimeZone),
      ];
      return { ...test, notes };
    } finally {
      await opened.close();
    }
  },
});

function zonesInWords(zones: { readonly accounts: number; readonly known: number } | null, fallback: string): string {
  if (zones === null)
    return `The mapping names no time zone: everybody is told by day in ${fallback} (ALLCLEAR_DEFAULT_TIME_ZONE).`;
  const { accounts, known } = zones;
  const share = accounts === 0 ? 0 : Math.floor((known / accounts) * 100);
  return `Time zone: ${known} of ${accounts} accounts that were looked at (${share} %) say one that is known; the others are told by day in ${fallback}.`;
}

/** The password goes in by stdin: arguments and environment are seen by others on the machine. */
async function runSignIn(program: string, address: string, password: string): Promise<'in' | 'refused'> {
  const child = spawn(program, [], { stdio: ['pipe', 'ignore', 'ignore'], timeout: signInTimeoutMs });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new Failure('usage', 'The program of --sign-in cannot be started. Name it with its path.', {}, cause)),
    );
    child.once('close', resolve);
    // A program that reads nothing has closed its end already, and its exit code says how it went.
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${JSON.stringify({ address, password })}\n`);
  });
  if (code === 0) return 'in';
  if (code === 1) return 'refused';
  throw new Failure(
    'guardrail-failed',
    `The program of --sign-in ended with ${code ?? 'no code'}; 0 is in and 1 is refused.`,
  );
}
