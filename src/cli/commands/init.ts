import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { Failure } from '../../domain/shared/failure.ts';
import type { Ask } from '../ask.ts';
import type { ComposedSettings, NewOperator, PreparedInstallation } from '../init-verbs.ts';
import { initLines, nextCommands } from '../init-lines.ts';
import {
  aboutAccounts,
  aboutMail,
  aboutOperator,
  aboutProfile,
  aboutTheService,
  AnswerBook,
} from '../init-questions.ts';
import type { InitFlags } from '../init-questions.ts';
import type { DirectoryProposal } from '../local-verbs.ts';
import { keyFile, tokenFile, writeTokenFile } from '../operator-files.ts';
import type { Session } from '../session.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

const role = 'allclear_directory';
/**
 * A plan of the small profile has at most 500 targets; 5 % of a service in 30 days is all that a budget lets act on. So
 * up to here no plan that the budget allows is too large for it.
 */
const smallServiceAccounts = 10_000;

type Flags = InitFlags & {
  readonly out?: string;
  readonly home?: string;
  readonly port?: string;
  readonly directoryName?: string;
  readonly mapping?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
};

export function addInit(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'init',
    summary:
      "asks the few questions on the server's own machine and writes the one config file; run again, it shows what is there. Without a terminal every answer is an option",
    example: 'allclear init --out allclear.yaml',
    options: [
      ['--out <file>', 'the config file (allclear.yaml)'],
      ['--dry-run', 'print the file and write nothing'],
      ['--yes', 'write over a config file that is there, without asking'],
      ['--service-name <name>', 'the service, as its holders know it'],
      ['--environment <environment>', 'sample, staging or production'],
      ['--support-contact <contact>', 'how a holder reaches a person of the service'],
      ['--public-url <url>', 'where holders reach the public pages'],
      ['--recovery-page <url>', "the service's own page for a forgotten password, or none"],
      [
        '--accounts <url>',
        'Postgres of the accounts, as a reader; @FILE reads it from a file; none: the sample service',
      ],
      ['--mapping <file>', 'how accounts are read (.yaml); proposed where it is not there (directory.yaml)'],
      ['--directory-name <name>', 'what approvers type (from the name of the service)'],
      ['--mailer <url>', 'smtp:// or smtps://, @FILE, or none: the built-in mailbox'],
      ['--mail-from <sender>', 'sender of the notices: Shop <security@shop.example>'],
      ['--database <url>', "Allclear's own Postgres, @FILE, or embedded"],
      ['--profile <profile>', 'small (a shop) or standard'],
      ['--operator-name <name>', 'the first operator, or none'],
      ['--operator-email <address>', 'their address, or none'],
      ['--home <folder>', 'folder of keys, state and the embedded database'],
      ['--port <port>', 'port of the server (8470)'],
    ],
    async run(session, _args, flags) {
      const { out, world } = session;
      const path = resolve(flags.out ?? 'allclear.yaml');
      const verbsOfInit = await world.local.openInit();
      const stored = await verbsOfInit.readSettings(path);
      const isAnswering = flags.json !== true;
      const book = new AnswerBook({
        flags,
        stored,
        verbs: verbsOfInit,
        ask: isAnswering ? world.ask : undefined,
      });
      if (stored !== null) out.talk(`${path} is there: what it says stands as the answer until you give another.`);
      await book.take(aboutTheService);
      await book.take([aboutAccounts]);
      const proposal = await mapAccounts(session, book, path, flags);
      await book.take(aboutMail);
      await book.take([aboutProfile(stored === null ? suggestedProfile(proposal) : null)]);
      await book.take(aboutOperator);
      refuseMissing(book, session);
      const settings = settingsOf(book, stored, session, flags);
      const composed = verbsOfInit.compose(path, settings);
      const files = filesOf(path, composed, proposal);
      if (flags.dryRun === true) {
        out.data({ file: path, yaml: composed.yaml, files, written: false }, () => composed.yaml.trimEnd().split('\n'));
        out.talk('', 'Nothing was written.');
        return 0;
      }
      await mayWrite(session, path, composed.yaml, flags.yes === true);
      if (proposal !== null) await writeProposal(proposal);
      await verbsOfInit.write(path, composed);
      out.talk('Making the tables, the keys and the first operator ...');
      const { operator, keyPath } = await newOperator(session, book, settings['home'] ?? session.settings.home);
      const prepared = await verbsOfInit.prepare(path, operator).catch(async (error: unknown) => {
        if (keyPath !== null && operator !== null && operator.isKeyMade()) await world.local.signing.removeKey(keyPath);
        throw error;
      });
      const token = await keepToken(prepared, book, settings['home'] ?? session.settings.home);
      const next = nextCommands({
        file: path,
        profile: settings['profile'] ?? 'standard',
        sqlFile: proposal?.sqlFile ?? null,
        secretFile: composed.secrets.find((one) => one.path.includes('directory'))?.path ?? null,
        hasOwnAccounts: settings['directoryUrl'] !== undefined,
        operatorName: typeof book.answers['operatorName'] === 'string' ? book.answers['operatorName'] : null,
        keyFile: keyPath,
      });
      const failing = prepared.findings.filter((one) => one.verdict === 'fail' && !isExpected(one.check, proposal));
      out.data(
        {
          file: path,
          files,
          operator: prepared.operator?.operatorId ?? null,
          keyFile: prepared.operator === null ? null : keyPath,
          tokenFile: token,
          profile: settings['profile'],
          accounts: proposal?.accounts ?? null,
          doubts: proposal?.doubts ?? [],
          findings: prepared.findings,
          next,
          written: true,
        },
        () => initLines({ file: path, files, prepared, keyFile: keyPath, tokenFile: token, proposal, next }),
      );
      return failing.length === 0 ? 0 : 1;
    },
  });
}

interface MappedAccounts extends DirectoryProposal {
  readonly mappingFile: string;
  readonly sqlFile: string;
}

/** Until the DBA ran the SQL, the role is not there: that the directory does not let it in is no news. */
function isExpected(check: string, proposal: MappedAccounts | null): boolean {
  return proposal !== null && check === 'directory';
}

/** Inspects a newly named database, unless its mapping is there; from then on the address is that of Allclear's own role. */
async function mapAccounts(
  { world, out }: Session,
  book: AnswerBook,
  path: string,
  flags: Flags,
): Promise<MappedAccounts | null> {
  const url = book.answers['directoryUrl'];
  if (typeof url !== 'string') return null;
  const mappingFile = resolve(flags.mapping ?? join(dirname(path), 'directory.yaml'));
  if (!mappingFile.endsWith('.yaml')) throw new Failure('usage', '--mapping ends in .yaml');
  book.set('directoryMapping', mappingFile);
  if (!book.isNew('directoryUrl') || existsSync(mappingFile)) return null;
  out.talk('Looking at the database ...');
  const proposal = await world.local.proposeDirectory({ url, schema: null, mode: 'functions', role, capPerHour: null });
  book.set('directoryUrl', urlOfRole(url));
  return { ...proposal, mappingFile, sqlFile: mappingFile.replace(/\.yaml$/, '.sql') };
}

/** The reader's own password is not the role's. */
function urlOfRole(url: string): string {
  const changed = new URL(url);
  changed.username = role;
  changed.password = '';
  return changed.href;
}

function suggestedProfile(proposal: MappedAccounts | null): 'standard' | 'small' | null {
  if (proposal === null) return null;
  return proposal.accounts <= smallServiceAccounts ? 'small' : 'standard';
}

function refuseMissing(book: AnswerBook, { settings }: Session): void {
  const isNamed = typeof book.answers['operatorName'] === 'string';
  const needsPassphrase = book.answers['environment'] === 'production' && isNamed && settings.keyPassphrase === null;
  const missing = [...book.missing];
  if (missing.length > 0 && needsPassphrase)
    missing.push('ALLCLEAR_KEY_PASSPHRASE_FILE (production takes no open key)');
  if (missing.length === 0) return;
  throw new Failure(
    'usage',
    `There is no terminal to ask on, and nobody answered: ${missing.join(', ')}. Nothing was written. Give these options, or run allclear init on a terminal.`,
    { missing },
  );
}

function settingsOf(
  book: AnswerBook,
  stored: Readonly<Record<string, { readonly value: string }>> | null,
  { settings }: Session,
  flags: Flags,
): Readonly<Record<string, string>> {
  const { operatorName: _name, operatorEmail: _email, ...asked } = book.values();
  const kept = (name: string): string | undefined => stored?.[name]?.value;
  const home = flags.home === undefined ? (kept('home') ?? settings.home) : resolve(flags.home);
  const port = flags.port ?? kept('port');
  const name =
    asked['directoryUrl'] === undefined ? undefined : (kept('directoryName') ?? slugOf(asked['serviceName']));
  // What was never asked for and stands in the file stays there.
  const others = Object.entries(stored ?? {}).filter(([one]) => !Object.hasOwn(book.answers, one));
  const directoryName = flags.directoryName ?? name;
  return {
    ...Object.fromEntries(others.map(([one, { value }]) => [one, value])),
    ...asked,
    home,
    ...(port === undefined ? {} : { port }),
    ...(directoryName === undefined ? {} : { directoryName }),
  };
}

/** As approvers type it: a-z, 0-9 and hyphens. */
function slugOf(name: string | undefined): string {
  const slug = (name ?? '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
  return slug === '' ? 'accounts' : slug;
}

function filesOf(path: string, { secrets }: ComposedSettings, proposal: MappedAccounts | null): readonly string[] {
  return [
    path,
    ...secrets.map((one) => one.path),
    ...(proposal === null ? [] : [proposal.mappingFile, proposal.sqlFile]),
  ];
}

async function mayWrite({ world, out }: Session, path: string, yaml: string, isSure: boolean): Promise<void> {
  const there = await readFile(path, 'utf8').catch(() => null);
  if (there === null || there === yaml || isSure) return;
  if (world.ask !== undefined && !out.flags.json) {
    if (await world.ask.confirm(`${path} is there and says something else. Write over it?`, false)) return;
  }
  throw new Failure(
    'conflict',
    `${path} is there and says something else. Nothing was written. To write over it: --yes`,
  );
}

async function writeProposal({ mappingFile, sqlFile, yaml, sql }: MappedAccounts): Promise<void> {
  await writeFile(mappingFile, yaml, { flag: 'wx' });
  // Beside a mapping that was not there it is a leftover, and the SQL belongs to the mapping.
  await writeFile(sqlFile, sql);
}

async function newOperator(
  { world, settings, out }: Session,
  book: AnswerBook,
  home: string,
): Promise<{ readonly operator: (NewOperator & { isKeyMade(): boolean }) | null; readonly keyPath: string | null }> {
  const { operatorName: name, operatorEmail: email, environment } = book.answers;
  if (typeof name !== 'string' || typeof email !== 'string') return { operator: null, keyPath: null };
  const keyPath = keyFile(home, name);
  let isMade = false;
  return {
    keyPath,
    operator: {
      name,
      email,
      isKeyMade: () => isMade,
      async makeKey() {
        const typed = settings.keyPassphrase ?? (world.ask === undefined ? '' : await newPassphrase(world.ask, name));
        const passphrase = typed === '' ? null : typed;
        if (passphrase === null && environment === 'production') {
          throw new Failure(
            'key-missing',
            'Production takes no key without a passphrase. Set ALLCLEAR_KEY_PASSPHRASE_FILE.',
          );
        }
        if (passphrase === null)
          out.talk(`The key file is not encrypted: whoever copies it can say yes in the name of ${name}.`);
        const { publicKey } = await world.local.signing.makeKey(keyPath, passphrase);
        isMade = true;
        return publicKey;
      },
    },
  };
}

/** Typed twice: nobody sees a slip, and a key that does not open is worth nothing. */
async function newPassphrase(ask: Ask, name: string): Promise<string> {
  const typed = await ask.secret(`Passphrase for the new key of ${name} (empty: none)`);
  if (typed === '' || (await ask.secret('The same once more')) === typed) return typed;
  throw new Failure('usage', 'The two are not the same. No key was made; run allclear init again.');
}

async function keepToken(prepared: PreparedInstallation, book: AnswerBook, home: string): Promise<string | null> {
  const name = book.answers['operatorName'];
  if (prepared.operator === null || typeof name !== 'string') return null;
  const path = tokenFile(home, name);
  await writeTokenFile(path, prepared.operator.token);
  return path;
}
