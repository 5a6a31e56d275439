import { spawn } from 'node:child_process';
import { renameSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeFileFence } from '../../src/adapters/fence/file-fence.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

function aFolder(): string {
  return makeTempFolder('fence');
}

function anOpenFence(folder = aFolder()) {
  const fence = makeFileFence(folder);
  fence.ensure(1, 'tell');
  return { folder, fence, file: join(folder, 'fence', '1-tell') };
}

describe('the fence', () => {
  test('lets an epoch act until it is closed through that epoch, and is never lowered', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ close: fc.nat(20), ask: fc.nat(20) }), { minLength: 1, maxLength: 20 }),
        (steps) => {
          const { fence } = anOpenFence();
          let closed = 0;
          for (const { close, ask } of steps) {
            expect(fence.mayAct(1, 'tell', ask)).toBe(ask > closed);
            fence.close(1, 'tell', close);
            fence.ensure(1, 'tell');
            closed = Math.max(closed, close);
            expect(fence.mayAct(1, 'tell', ask)).toBe(ask > closed);
          }
          fence.stop();
        },
      ),
      { seed: 2014, numRuns: 60 },
    );
  });

  test('of one track or rollout says nothing of another', () => {
    const { fence } = anOpenFence();
    fence.ensure(1, 'contain');
    fence.ensure(2, 'tell');
    fence.close(1, 'tell', 5);
    expect([fence.mayAct(1, 'contain', 1), fence.mayAct(2, 'tell', 1)]).toEqual([true, true]);
  });

  test('that is not there yet is closed', () => {
    const { fence } = anOpenFence();
    expect(fence.mayAct(7, 'tell', 1)).toBe(false);
  });

  test.each<[string, (at: { folder: string; file: string }) => void]>([
    ['file was emptied', ({ file }) => truncateSync(file, 0)],
    ['file was cut short', ({ file }) => truncateSync(file, 3)],
    ['file was deleted', ({ file }) => unlinkSync(file)],
    [
      'file was replaced by another',
      ({ file }) => {
        writeFileSync(`${file}.other`, Buffer.alloc(4));
        renameSync(`${file}.other`, file);
      },
    ],
    ['folder was deleted', ({ folder }) => rmSync(join(folder, 'fence'), { recursive: true })],
    ['folder was moved away', ({ folder }) => renameSync(join(folder, 'fence'), join(folder, 'elsewhere'))],
    ['state folder was deleted', ({ folder }) => rmSync(folder, { recursive: true })],
    [
      'folder is a file now',
      ({ folder }) => {
        rmSync(join(folder, 'fence'), { recursive: true });
        writeFileSync(join(folder, 'fence'), '');
      },
    ],
  ])('whose %s is closed, although a sender had read it before', (_what, damage) => {
    const open = anOpenFence();
    expect(open.fence.mayAct(1, 'tell', 1)).toBe(true);
    damage(open);
    expect(open.fence.mayAct(1, 'tell', 1)).toBe(false);
  });

  test('of a track that one process closes after its file was lost is closed for a process that read it before', () => {
    const { folder, fence, file } = anOpenFence();
    expect(fence.mayAct(1, 'tell', 1)).toBe(true);
    unlinkSync(file);
    makeFileFence(folder).close(1, 'tell', 1);
    expect(fence.mayAct(1, 'tell', 1)).toBe(false);
  });

  test('is closed by a HALT file, and stays closed once the file was seen, also when it is deleted', () => {
    const { folder, fence } = anOpenFence();
    const file = join(folder, 'HALT');
    writeFileSync(file, '');
    expect(fence.mayAct(1, 'tell', 1)).toBe(false);
    rmSync(file);
    expect([fence.mayAct(1, 'tell', 1), fence.haltFilePresent()]).toEqual([false, true]);
    // Only a person who starts the process anew ends that.
    expect(makeFileFence(folder).mayAct(1, 'tell', 1)).toBe(true);
  });

  test('is closed by a HALT folder too', () => {
    const { folder, fence } = anOpenFence();
    renameSync(aFolder(), join(folder, 'HALT'));
    expect(fence.mayAct(1, 'tell', 1)).toBe(false);
  });

  test('is closed while halts of other hosts do not reach this one, after a latch, and after a stop', () => {
    const { fence, folder } = anOpenFence();
    fence.setRelayAlive(false);
    expect(fence.mayAct(1, 'tell', 1)).toBe(false);
    fence.setRelayAlive(true);
    expect(fence.mayAct(1, 'tell', 1)).toBe(true);
    fence.stop();
    expect(fence.mayAct(1, 'tell', 1)).toBe(false);
    const other = makeFileFence(folder);
    expect(other.mayAct(1, 'tell', 1)).toBe(true);
    other.latch();
    expect(other.mayAct(1, 'tell', 1)).toBe(false);
  });
});

test('another process sees a halt at its next read, also one that is starved and never told', async () => {
  const { folder, fence } = anOpenFence();
  const url = fileURLToPath(new URL('../../src/adapters/fence/file-fence.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { makeFileFence } from ${JSON.stringify(url)};
       import { createInterface } from 'node:readline';
       const fence = makeFileFence(${JSON.stringify(folder)});
       console.log('read ' + fence.mayAct(1, 'tell', 1));
       for await (const line of createInterface({ input: process.stdin }))
         console.log(line + ' ' + fence.mayAct(1, 'tell', Number(line)));`,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (ask?: number): Promise<string> => {
    if (ask !== undefined) child.stdin.write(`${ask}\n`);
    return (await lines.next()).value as string;
  };
  expect(await answer()).toBe('read true');
  for (let epoch = 1; epoch <= 40; epoch += 1) {
    expect(await answer(epoch)).toBe(`${epoch} true`);
    fence.close(1, 'tell', epoch);
    expect(await answer(epoch)).toBe(`${epoch} false`);
  }
  child.stdin.end();
  fence.stop();
});
