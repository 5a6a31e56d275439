import type { PreparedInstallation } from './init-verbs.ts';
import type { DirectoryProposal } from './local-verbs.ts';
import { section } from './plan-lines.ts';
import { pairs, table } from './table.ts';

export interface NextFacts {
  readonly file: string;
  readonly profile: string;
  /** Null where there is no SQL for a DBA to run. */
  readonly sqlFile: string | null;
  readonly secretFile: string | null;
  readonly hasOwnAccounts: boolean;
  readonly operatorName: string | null;
  readonly keyFile: string | null;
}

export interface NextCommand {
  readonly command: string;
  readonly why: string;
}

/** The three commands that come next, in their order. */
export function nextCommands(facts: NextFacts): readonly NextCommand[] {
  const set = `export ALLCLEAR_CONFIG=${facts.file}; `;
  const start: NextCommand = {
    command: `${set}npm start`,
    why: 'everything on this machine; set the same in each further terminal',
  };
  const as = facts.operatorName === null ? 'NAME' : facts.operatorName;
  const second: NextCommand =
    facts.profile === 'small'
      ? {
          command: `npx allclear operator invite --name NAME --email ADDRESS --key ${facts.keyFile ?? 'FILE'} --as "${as}"`,
          why: 'the second person, who makes their own key on their own machine',
        }
      : { command: 'npx allclear operator add --name NAME --email ADDRESS', why: 'the second person, on this machine' };
  if (!facts.hasOwnAccounts) {
    const list = { command: 'npx allclear demo twitter-2014', why: 'what it does, replayed on the sample service' };
    return [start, second, list];
  }
  const prove: NextCommand = {
    command: `${set}npx allclear directory test --canary ADDRESS --password-file FILE`,
    why: 'proves reading, quarantine and restore on an account that belongs to nobody',
  };
  if (facts.sqlFile === null) return [prove, start, second];
  const grant: NextCommand = {
    command: `psql -v ON_ERROR_STOP=1 -f ${facts.sqlFile} postgres://OWNER@HOST/DATABASE`,
    why: `the DBA, who reads it first; the new role's password then goes into ${facts.secretFile ?? 'the file of the address'}`,
  };
  return [grant, prove, start];
}

export function initLines(facts: {
  readonly file: string;
  readonly files: readonly string[];
  readonly prepared: PreparedInstallation;
  readonly keyFile: string | null;
  readonly tokenFile: string | null;
  readonly proposal: (DirectoryProposal & { readonly mappingFile: string; readonly sqlFile: string }) | null;
  readonly next: readonly NextCommand[];
}): readonly string[] {
  const { prepared, proposal } = facts;
  const waits = (check: string): boolean => proposal !== null && check === 'directory';
  return [
    ...pairs([
      ['settings', facts.file],
      ['secrets', facts.files.filter((one) => one.includes('/secrets/')).join(' ')],
      ['accounts', proposal?.accounts],
      ['mapping', proposal?.mappingFile],
      ['SQL for the DBA', proposal?.sqlFile],
      ['first operator', operatorInWords(prepared)],
      ['their key', prepared.operator === null ? null : facts.keyFile],
      ['their token', facts.tokenFile],
      ['sealing key', prepared.sealKeyMade],
    ]),
    ...(prepared.sealKeyMade === null
      ? []
      : ['Keep a copy of the sealing key elsewhere: without it no password can ever be given back.']),
    ...(proposal?.doubts ?? []).map((doubt) => `Look: ${doubt}`),
    ...section(
      'Looked at',
      table(
        ['', 'check', 'seen'],
        prepared.findings.map((one) =>
          waits(one.check)
            ? ['later', one.check, 'the DBA has not run the SQL yet']
            : [one.verdict, one.check, one.seen],
        ),
      ),
    ),
    ...prepared.findings
      .filter((one) => one.mend !== null && one.verdict === 'fail' && !waits(one.check))
      .map((one) => `${one.verdict}  ${one.check}: ${one.mend}`),
    ...section(
      'Next',
      facts.next.flatMap(({ command, why }, index) => [`${index + 1}. ${command}`, `   ${why}`]),
    ),
  ];
}

function operatorInWords({ operator, hasOperators }: PreparedInstallation): string {
  if (operator !== null) return `${operator.operatorId}, may act and approve`;
  return hasOperators ? 'there already; none was made' : 'none: allclear operator add';
}
