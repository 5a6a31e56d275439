import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { DirectoryCapabilities } from '../../app/ports/directory.ts';
import { durationInWords } from '../../domain/shared/duration-in-words.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { pairs, table } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags {
  readonly canary?: string;
  readonly passwordFile?: string;
  readonly signIn?: string;
}

export function addDirectoryTest(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'test',
    summary: 'quarantines one canary account and gives its password back, checking each step; exit 1 if one fails',
    example: 'allclear directory test --canary 4711 --password-file canary.txt --sign-in ./sign-in.sh',
    options: [
      [
        '--canary <account>',
        'id or address of an account that belongs to nobody (ALLCLEAR_DIRECTORY_CANARY); its sessions end',
      ],
      ['--password-file <file>', "the canary's password, for real sign-in"],
      [
        '--sign-in <program>',
        'reads {"address","password"} as JSON, signs in at the service: exit 0 is in, 1 is refused',
      ],
    ],
    async run({ out, world }, _args, flags) {
      const password = flags.passwordFile === undefined ? null : await readPassword(flags.passwordFile);
      const test = await world.local.testDirectory({
        canary: flags.canary ?? null,
        password,
        signIn: flags.signIn ?? null,
      });
      const { capabilities } = test;
      const failed = test.checks.filter((check) => check.result === 'failed').length;
      const untried = test.checks.filter((check) => check.result === 'not-tried').length;
      out.data(test, () => [
        ...table(
          ['check', 'result', 'seen'],
          test.checks.map((check) => [check.name, check.result, check.detail]),
        ),
        '',
        ...pairs([
          ['directory', `${test.directory} (${test.environment})`],
          ['canary', test.account],
          ['quarantine, restore', `${yesNo(capabilities.quarantine)}, ${yesNo(capabilities.restore)}`],
          ['compare-and-set', yesNo(capabilities.compareAndSet)],
          ['ends sessions', sessionsInWords(capabilities)],
          ['tells last sign-in', capabilities.lastSignIn ? 'yes' : 'no: who comes back is not measured'],
          ['suspends', yesNo(capabilities.suspend)],
          ['addresses compare', capabilities.addressComparison],
        ]),
        '',
        'What cannot be seen or undone here:',
        ...capabilities.collateral.map((one) => `  ${one}`),
        ...test.notes.map((note) => `Look: ${note}`),
        '',
        test.whole
          ? `Nothing failed; ${untried} not tried.`
          : `${failed} failed. Do not use this directory until it is mended.`,
      ]);
      return test.whole ? 0 : 1;
    },
  });
}

async function readPassword(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Failure('usage', `The password file cannot be read (${code}): ${path}`);
  }
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

function sessionsInWords(capabilities: DirectoryCapabilities): string {
  const { endSessions, countsSessions, sessionsLiveMinutes } = capabilities;
  if (!endSessions) return `no; they end by themselves within ${durationInWords(sessionsLiveMinutes ?? 0)}`;
  return countsSessions ? 'yes' : 'yes, without counting them';
}
