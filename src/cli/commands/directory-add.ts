import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { Failure } from '../../domain/shared/failure.ts';
import { pairs } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags {
  readonly schema?: string;
  readonly out?: string;
  readonly direct?: boolean;
  readonly role: string;
  readonly recoveryRole?: string;
  readonly cap?: string;
}

export function addDirectoryAdd(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'add [postgres]',
    summary: 'looks at a Postgres database and proposes how its accounts are read, with the SQL that the DBA runs',
    example: 'allclear directory add postgres://dba@db.example/shop --out directory.yaml',
    options: [
      ['--out <file>', 'write the mapping here (.yaml), and the SQL beside it (.sql); never over a file'],
      ['--schema <name>', 'look at this schema alone'],
      ['--role <name>', 'the role that Allclear will be (allclear_directory)'],
      ['--recovery-role <name>', 'also make a role by which hosted recovery sets passwords, and nothing else'],
      ['--cap <n>', 'accounts an hour that the database lets Allclear act on; else 1 in 100, at least 200'],
      ['--direct', 'let the role write hashes itself, without the functions of the DBA'],
    ],
    async run({ out, world }, [url], flags) {
      const capPerHour = flags.cap === undefined ? null : Number(flags.cap);
      if (
        capPerHour !== null &&
        !(Number.isSafeInteger(capPerHour) && capPerHour >= 1 && capPerHour <= 2_147_483_647)
      ) {
        throw new Failure('usage', '--cap is a whole number of accounts an hour, at least 1.');
      }
      const role = flags.role ?? 'allclear_directory';
      const recoveryRole = flags.recoveryRole ?? null;
      for (const name of [role, recoveryRole])
        if (name !== null && !/^[a-z_][a-z0-9_]{0,62}$/.test(name))
          throw new Failure('usage', 'A role is made of a-z, 0-9 and _.');
      if (role === recoveryRole)
        throw new Failure('usage', 'The role that sets passwords is another than the one that quarantines.');
      if (recoveryRole !== null && flags.direct === true)
        throw new Failure('usage', 'With --direct the one role writes hashes itself; leave --recovery-role out.');
      if (flags.out !== undefined && !flags.out.endsWith('.yaml')) throw new Failure('usage', '--out ends in .yaml');
      const proposal = await world.local.proposeDirectory({
        url: url ?? null,
        schema: flags.schema ?? null,
        mode: flags.direct === true ? 'direct' : 'functions',
        role,
        recoveryRole,
        capPerHour,
      });
      const sqlFile = flags.out?.replace(/\.yaml$/, '.sql') ?? null;
      if (flags.out !== undefined && sqlFile !== null) {
        await writeNew(flags.out, proposal.yaml);
        await writeNew(sqlFile, proposal.sql);
      }
      const { doubts, accounts } = proposal;
      out.data({ ...proposal, files: sqlFile === null ? [] : [flags.out, sqlFile] }, () => [
        ...(sqlFile === null ? [...proposal.yaml.split('\n'), ...proposal.sql.split('\n')] : []),
        ...pairs([
          ['accounts', accounts],
          ['cap an hour', proposal.capPerHour],
          ['mapping', flags.out],
          ['SQL for the DBA', sqlFile],
        ]),
        ...doubts.map((doubt) => `Look: ${doubt}`),
      ]);
      out.talk(
        'Nothing was changed. Read the mapping and the SQL, let the DBA run the SQL, then:',
        `  export ALLCLEAR_DIRECTORY_MAPPING=${flags.out ?? 'directory.yaml'} ALLCLEAR_DIRECTORY_URL=postgres://${role}@...`,
        '  allclear directory test --canary ACCOUNT',
      );
    },
  });
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    const why = code === 'EEXIST' ? 'it is there already, and a mapping is never written over' : code;
    throw new Failure('conflict', `${path} was not written: ${why}.`, {}, cause);
  }
}
