import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { ImportOutcome } from '../../app/evidence/import-request.ts';
import type { ImportProgress } from '../../app/evidence/import-progress.ts';
import { evidenceRoutes, listClass, sourceAuthority } from '../../contract/evidence.ts';
import type { StreamLine } from '../../contract/stream-line.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { resultOf } from '../api-client.ts';
import { evidenceLines } from '../evidence-lines.ts';
import type { Session } from '../session.ts';
import { grouped } from '../table.ts';
import { addVerb } from '../verb.ts';
import type { Verbs } from '../verb.ts';

interface Flags {
  readonly source?: string;
  readonly authority?: string;
  readonly class?: string;
  readonly reportedBy?: string;
  readonly anew?: boolean;
}

export function addEvidenceImport(parent: Command, verbs: Verbs): void {
  addVerb<Flags>(parent, verbs, {
    usage: 'import <file>',
    summary: 'imports a list as a stream (- reads stdin); what cannot be read is counted, and nothing is fatal',
    example: 'allclear evidence import leak.txt --source collection-9 --as ada',
    options: [
      ['--source <name>', 'where the list comes from'],
      ['--authority <authority>', 'outside (a breach elsewhere) or own (our logs, or our own leak)'],
      ['--class <class>', 'credentials (default), observed or reported'],
      ['--reported-by <name>', 'who reports the accounts; for the class reported'],
      ['--anew', 'as a list of its own, even if it was imported before'],
    ],
    async run(session, args, flags) {
      const file = args[0] ?? '-';
      if (flags.source === undefined) throw new Failure('usage', 'Say where the list comes from: --source NAME');
      const listed = listClass.safeParse(flags.class ?? 'credentials');
      if (!listed.success) throw new Failure('usage', '--class is credentials, observed or reported.');
      // A leaked list comes from elsewhere; what our own logs or people say is our own.
      const authority = sourceAuthority.safeParse(
        flags.authority ?? (listed.data === 'credentials' ? 'outside' : 'own'),
      );
      if (!authority.success) throw new Failure('usage', '--authority is outside or own.');
      const query = {
        source: flags.source,
        authority: authority.data,
        class: listed.data,
        fileName: file === '-' ? 'stdin' : basename(file),
        anew: flags.anew === true ? ('true' as const) : ('false' as const),
        ...(flags.reportedBy === undefined ? {} : { reportedBy: flags.reportedBy }),
      };
      const lines = session.api.stream<StreamLine<ImportProgress, ImportOutcome>>(
        evidenceRoutes.import,
        { query },
        await openList(session, file),
      );
      const outcome = await resultOf(lines, (progress) => session.out.progress(inWords(progress)));
      const report = await session.api.call(evidenceRoutes.show, { params: { batch: outcome.batch } });
      if (outcome.kind === 'already-imported') {
        session.out.talk(
          `This very list was imported before, as ${outcome.batch}. Nothing was done; --anew imports it again.`,
        );
      } else if (outcome.resumedAfterLine > 0) {
        session.out.talk(`The import went on after line ${grouped(outcome.resumedAfterLine)}, where it had stood.`);
      }
      session.out.data({ ...outcome, ...report, batch: outcome.batch, imported: report.batch }, () =>
        evidenceLines(report),
      );
    },
  });
}

async function openList({ world }: Session, file: string): Promise<AsyncIterable<Uint8Array>> {
  if (file === '-') {
    if (world.stdin.isTTY === true)
      throw new Failure('usage', 'There is nothing on stdin. Pipe a list into it, or name a file.');
    return bytesOf(world.stdin);
  }
  try {
    const opened = await open(file);
    const isFolder = (await opened.stat()).isDirectory();
    await opened.close();
    if (isFolder) throw new Failure('usage', `${file} is a folder. Name a file in it.`);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Failure('usage', `The file ${file} cannot be read (${code}).`);
  }
  return bytesOf(createReadStream(file));
}

async function* bytesOf(source: AsyncIterable<Uint8Array | string>): AsyncIterable<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const chunk of source) yield typeof chunk === 'string' ? encoder.encode(chunk) : chunk;
}

function inWords(progress: ImportProgress): string {
  switch (progress.phase) {
    case 'indexing':
      return `reading the directory: ${grouped(progress.accounts)} accounts`;
    case 'reading':
      return `${progress.batch ?? 'list'}: ${grouped(progress.lines)} lines read`;
    case 'verifying': {
      const { lines, candidates, verified, secondsExpected } = progress;
      const left = Math.ceil(secondsExpected * (1 - verified / Math.max(1, candidates)));
      return `${progress.batch}: ${grouped(lines)} lines, trying ${grouped(verified)} of ${grouped(candidates)} passwords, about ${left} s`;
    }
  }
}
