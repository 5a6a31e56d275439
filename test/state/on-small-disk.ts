/**
 * Runs in a mount namespace of its own, in which the folder that the first argument names is a few megabytes of memory.
 * Says on stdout, as JSON, what it saw while that disk was full and after.
 */
import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCheckpointFile } from '../../src/adapters/checkpoint/checkpoint-file.ts';
import { startEmbeddedPostgres } from '../../src/adapters/embedded/postgres.ts';
import { makeFileDotLog } from '../../src/adapters/fence/file-dot-log.ts';
import { makeFileFence } from '../../src/adapters/fence/file-fence.ts';
import { makeFilePermitJournal } from '../../src/adapters/fence/file-permit-journal.ts';
import type { JournalEntry } from '../../src/app/ports/permit-journal.ts';
import { takePermit } from '../../src/app/rollout/take-permit.ts';
import type { Permit } from '../../src/domain/rollout/permit.ts';
import { migratedDatabase } from '../support/ledger-world.ts';
import { RolloutWorld } from '../support/rollout-world.ts';

const [folder = '', mode = ''] = process.argv.slice(2);
const filler = join(folder, 'filler');

/** Writes until nothing more fits. */
function fill(): void {
  const fd = openSync(filler, 'a');
  for (const size of [1_048_576, 4_096, 1]) {
    try {
      for (;;) if (writeSync(fd, Buffer.alloc(size)) < size) break;
    } catch {
      // Not a byte of this size fits any more.
    }
  }
  closeSync(fd);
}

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'done';
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code ?? error);
  }
}

async function codeOfAsync(work: () => Promise<unknown>): Promise<string> {
  return work().then(
    () => 'done',
    (error: NodeJS.ErrnoException) => String(error.code ?? error),
  );
}

async function onFiles(): Promise<Readonly<Record<string, unknown>>> {
  const stateDir = join(folder, 'state');
  const fence = makeFileFence(stateDir);
  const dotLog = makeFileDotLog(stateDir);
  const journal = makeFilePermitJournal(stateDir);
  const checkpoints = makeCheckpointFile(join(folder, 'checkpoints.ndjson'));
  const permit: Permit = {
    rolloutNo: 1,
    track: 'tell',
    fromOrdinal: 0,
    size: 100,
    wave: 0,
    attempt: 1,
    epoch: 1,
    outcome: new Uint8Array(100).fill(1),
  };
  const entry: JournalEntry = {
    rolloutNo: 1,
    seq: 1,
    hash: 'h',
    subject: 'plan_1',
    track: 'tell',
    from: 0,
    size: 100,
    attempt: 1,
  };
  fence.ensure(1, 'tell');
  const begun = dotLog.begin(permit);
  journal.note(entry);
  await checkpoints.append('{"first":1}');
  fill();
  const full = {
    refusal: journal.refusal() !== null,
    note: codeOf(() => {
      for (let seq = 2; seq < 100; seq += 1) journal.note({ ...entry, seq });
    }),
    begin: codeOf(() => dotLog.begin({ ...permit, fromOrdinal: 100 })),
    // The file of a permit in hand was made whole before its first mail: its intents find room.
    intend: begun.intend(5),
    checkpoint: await codeOfAsync(() => checkpoints.append(`{"second":"${'x'.repeat(8_192)}"}`)),
    halt: codeOf(() => fence.close(1, 'tell', 1)),
    mayAct: fence.mayAct(1, 'tell', 1),
    haltFile: codeOf(() => writeFileSync(join(stateDir, 'HALT'), '')),
  };
  rmSync(filler);
  await checkpoints.append('{"third":3}');
  const lines: string[] = [];
  for await (const { text } of checkpoints.lines()) lines.push(text);
  journal.note({ ...entry, seq: 500 });
  return {
    full,
    after: {
      refusal: journal.refusal(),
      newest: journal.newest(1)?.seq,
      lines,
      begin: codeOf(() => dotLog.begin({ ...permit, fromOrdinal: 100 }).close()),
      isWhole: readFileSync(join(stateDir, 'permits', '1.ndjson'), 'utf8').endsWith('\n'),
    },
  };
}

async function onPostgres(): Promise<Readonly<Record<string, unknown>>> {
  const postgres = await startEmbeddedPostgres({
    dataDir: join(folder, 'postgres'),
    settings: { fsync: 'off', wal_level: 'minimal', max_wal_senders: '0', min_wal_size: '32MB', max_wal_size: '32MB' },
  });
  try {
    const world = await RolloutWorld.open(await migratedDatabase(postgres.url), {});
    const { plan, rolloutNo } = await world.startedPlan(world.addHolders(30), {
      tellWaveSizes: [30],
      containWaveSizes: [30],
    });
    await world.advance(rolloutNo);
    await world.hearSensor();
    await world.run(rolloutNo, 'contain');
    fill();
    const codes: string[] = [];
    // Until the pages that are there are used up, small writes go through.
    for (let turn = 0; turn < 5_000 && !codes.includes('disk-full'); turn += 1) {
      codes.push(
        await codeOfAsync(() =>
          world.store.transact((tx) =>
            tx.ledger.append({
              chain: 'installation',
              event: 'server.started',
              body: { codeVersion: 'x'.repeat(500) },
            }),
          ),
        ),
      );
    }
    const permits = await takePermit(world.runDeps(), rolloutNo, 'contain').catch(
      (error: NodeJS.ErrnoException) => error.code,
    );
    const halted = await codeOfAsync(() => world.halt(plan.id));
    const epoch = (await world.track(rolloutNo, 'contain')).epoch;
    const mayAct = world.fence.mayAct(rolloutNo, 'contain', epoch);
    const ran = await world.run(rolloutNo, 'contain').catch((error: NodeJS.ErrnoException) => error.code);
    rmSync(filler);
    await world.pool.query('CHECKPOINT');
    const haltedLater = await codeOfAsync(() => world.halt(plan.id));
    const verdict = await world.verifyLedger();
    const phases = (await world.tracks(rolloutNo)).map((track) => track.phase);
    await world.close();
    return { filled: codes.at(-1), permits, halted, mayAct, ran, haltedLater, findings: verdict.findings, phases };
  } finally {
    await postgres.stop();
  }
}

await mkdir(folder, { recursive: true });
const seen = mode === 'files' ? await onFiles() : await onPostgres();
process.stdout.write(JSON.stringify(seen));
