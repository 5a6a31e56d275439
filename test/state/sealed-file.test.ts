import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { decodeRecords, encodeData, encodeWord } from '../../src/adapters/backup/backup-records.ts';
import { createSealedFile, openSealedFile } from '../../src/adapters/backup/sealed-file.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const passphrase = 'seven herons in a row';
const content = Buffer.alloc(200_000, 'somebody@mail.test ');
let folder: string;
let file: string;
let whole: Buffer;

beforeAll(async () => {
  folder = makeTempFolder('sealed');
  file = join(folder, 'whole');
  const writer = await createSealedFile(file, passphrase);
  for (let at = 0; at < content.length; at += 7_777) await writer.write(content.subarray(at, at + 7_777));
  await writer.finish();
  whole = await readFile(file);
});

async function read(path: string, typed = passphrase): Promise<Buffer> {
  const frames: Buffer[] = [];
  for await (const frame of openSealedFile(path, typed)) frames.push(frame);
  return Buffer.concat(frames);
}

/** Where each frame begins, by its length, as anybody can read them. */
function framesOf(bytes: Buffer): readonly number[] {
  const starts: number[] = [];
  let at = bytes.indexOf(10, bytes.indexOf(10) + 1) + 1;
  while (at < bytes.length) {
    starts.push(at);
    at += 4 + (bytes.readUInt32BE(at) % 0x8000_0000);
  }
  return starts;
}

function flipped(bytes: Buffer, at: number, mask = 1): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ mask;
  return copy;
}

test('what was written is read, is for its owner alone, and cannot be read past its passphrase', async () => {
  expect((await read(file)).equals(content)).toBe(true);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(whole.includes('somebody')).toBe(false);
  await expect(read(file, 'seven herons in a bow')).rejects.toMatchObject({ code: 'backup-unreadable' });
});

test('a file that was changed, moved about, cut short or made longer anywhere is refused', async () => {
  const [first = 0, second = 0, third = 0, last = 0] = framesOf(whole);
  const cut = whole.subarray(0, last);
  const spoiled: Readonly<Record<string, Buffer>> = {
    'one bit of the salt': flipped(whole, 80),
    'one bit in the middle': flipped(whole, Math.floor(whole.length / 2)),
    'one bit of the last tag': flipped(whole, whole.length - 1),
    'without its last byte': whole.subarray(0, whole.length - 1),
    'without its last frame': cut,
    'without its last frame, the one before marked as the last': flipped(cut, third, 0x80),
    'with a frame twice': Buffer.concat([cut, whole.subarray(third)]),
    'without its first frame': Buffer.concat([whole.subarray(0, first), whole.subarray(second)]),
    'two frames in each other’s place': Buffer.concat([
      whole.subarray(0, first),
      whole.subarray(second, third),
      whole.subarray(first, second),
      whole.subarray(third),
    ]),
    'with a byte more': Buffer.concat([whole, Buffer.of(0)]),
    'nothing but its header': whole.subarray(0, first),
    'a cheaper passphrase': Buffer.from(whole.toString('latin1').replace('131072', '016384'), 'latin1'),
    empty: Buffer.alloc(0),
  };
  for (const [what, bytes] of Object.entries(spoiled)) {
    const path = join(folder, 'spoiled');
    await writeFile(path, bytes, { mode: 0o600 });
    await expect(read(path), what).rejects.toMatchObject({ code: 'backup-unreadable' });
  }
});

test('a file that is there is not written over, and one that was given up leaves nothing', async () => {
  const before = await readdir(folder);
  const again = await createSealedFile(file, passphrase);
  await again.write(Buffer.from('other'));
  await expect(again.finish()).rejects.toMatchObject({ code: 'conflict' });
  const given = await createSealedFile(join(folder, 'given-up'), passphrase);
  await given.write(content);
  await given.abandon();
  expect(await readdir(folder)).toEqual(before);
  expect((await readFile(file)).equals(whole)).toBe(true);
});

test('records come out as they went in, however the frames cut them', async () => {
  const parts = [encodeWord({ word: 'table', name: 'a\n' }), ...encodeData(content), encodeWord({ word: 'end' })];
  const bytes = Buffer.concat(parts);
  for (const width of [997, 65_536, bytes.length]) {
    const data: Buffer[] = [];
    const words: unknown[] = [];
    async function* frames(): AsyncIterable<Buffer> {
      for (let at = 0; at < bytes.length; at += width) yield bytes.subarray(at, at + width);
    }
    for await (const record of decodeRecords(frames())) {
      if (record.kind === 'data') data.push(Buffer.from(record.bytes));
      else words.push(record.value);
    }
    expect(words).toEqual([{ word: 'table', name: 'a\n' }, { word: 'end' }]);
    expect(Buffer.concat(data).equals(content)).toBe(true);
  }
});
