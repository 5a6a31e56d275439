import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { link, open, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Failure } from '../../domain/shared/failure.ts';

const magic = 'allclear-backup-v1\n';
/** RFC 7914. 128 MiB and half a second for each guess at the passphrase. */
const cost = { N: 131_072, r: 8, p: 1 } as const;
const costMemoryBytes = 256 * 1_048_576;
const saltBytes = 32;
const keyBytes = 32;
const tagBytes = 16;
const lengthBytes = 4;
/** What is in memory at a time, on either side. */
export const frameBytes = 65_536;
/** The magic line and the parameters; longer is no file of ours. */
const maxHeaderBytes = 1_024;
const lastFlag = 0x8000_0000;

/** Writes one encrypted file, front to back. */
export interface SealedWriter {
  write(bytes: Uint8Array): Promise<void>;
  /** Marks the end, syncs, and puts the file in its place; answers its size. Never over another file. */
  finish(): Promise<number>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
}

/**
 * AES-256-GCM in frames of 64 KiB, under a key that scrypt makes of the passphrase and a salt of this file alone. A
 * frame's nonce is its number and whether it is the last (the STREAM construction of Hoang, Reyhanitabar, Rogaway and
 * Vizár, 2015), and the header is bound to each: a frame that was changed, moved, dropped or cut off does not open.
 */
export async function createSealedFile(path: string, passphrase: string): Promise<SealedWriter> {
  const salt = randomBytes(saltBytes);
  const header = Buffer.from(
    `${magic}${JSON.stringify({ kdf: 'scrypt', ...cost, salt: salt.toString('base64url') })}\n`,
  );
  const key = await deriveKey(passphrase, salt);
  const draft = `${path}.${randomBytes(6).toString('hex')}.part`;
  const file = await open(draft, 'wx', 0o600);
  let waiting = Buffer.alloc(0);
  let number = 0;
  let sizeBytes = 0;

  async function put(bytes: Buffer): Promise<void> {
    await file.appendFile(bytes);
    sizeBytes += bytes.length;
  }

  async function putFrame(plain: Buffer, isLast: boolean): Promise<void> {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number, isLast));
    cipher.setAAD(header);
    const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    const length = Buffer.alloc(lengthBytes);
    length.writeUInt32BE(sealed.length + (isLast ? lastFlag : 0));
    await put(Buffer.concat([length, sealed]));
    number += 1;
  }

  await put(header);
  return {
    async write(bytes) {
      waiting = Buffer.concat([waiting, bytes]);
      while (waiting.length > frameBytes) {
        await putFrame(waiting.subarray(0, frameBytes), false);
        waiting = waiting.subarray(frameBytes);
      }
    },
    async finish() {
      await putFrame(waiting, true);
      await file.sync();
      await file.close();
      try {
        await link(draft, path);
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
        throw new Failure('conflict', `A file is already there and is not written over: ${path}`);
      } finally {
        await unlink(draft);
      }
      return sizeBytes;
    },
    async abandon() {
      await file.close().catch(() => undefined);
      await unlink(draft).catch(() => undefined);
    },
  };
}

/**
 * The plain bytes of a sealed file, frame by frame, each only after it was proved. `Failure('backup-unreadable')` at
 * the first that is not what was written, where the file ends early, and where the passphrase is another.
 */
export async function* openSealedFile(path: string, passphrase: string): AsyncIterable<Buffer> {
  const file = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw new Failure('backup-unreadable', `The backup cannot be read (${cause.code ?? 'unknown'}): ${path}`);
  });
  try {
    const { header, salt } = await readHeader(file, path);
    const key = await deriveKey(passphrase, salt);
    let position = header.length;
    for (let number = 0; ; number += 1) {
      const length = await readExactly(file, position, lengthBytes);
      if (length === null) throw cutShort(path, number);
      const word = length.readUInt32BE();
      const isLast = word >= lastFlag;
      const sealedBytes = isLast ? word - lastFlag : word;
      if (sealedBytes < tagBytes || sealedBytes > frameBytes + tagBytes) throw changed(path, number);
      const sealed = await readExactly(file, position + lengthBytes, sealedBytes);
      if (sealed === null) throw cutShort(path, number);
      yield (
        unseal(sealed, key, nonceOf(number, isLast), header) ??
          (() => {
            throw number === 0 ? wrongPassphrase(path) : changed(path, number);
          })()
      );
      position += lengthBytes + sealedBytes;
      if (!isLast) continue;
      if ((await readExactly(file, position, 1)) !== null) throw changed(path, number + 1);
      return;
    }
  } finally {
    await file.close();
  }
}

function unseal(sealed: Buffer, key: Buffer, nonce: Buffer, header: Buffer): Buffer | null {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce);
  decipher.setAAD(header);
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - tagBytes)), decipher.final()]);
  } catch {
    return null;
  }
}

async function readHeader(file: FileHandle, path: string): Promise<{ readonly header: Buffer; readonly salt: Buffer }> {
  const start = Buffer.alloc(maxHeaderBytes);
  const { bytesRead } = await file.read(start, 0, maxHeaderBytes, 0);
  const read = start.subarray(0, bytesRead);
  const end = read.indexOf(0x0a, magic.length);
  const foreign = new Failure('backup-unreadable', `This is no backup of Allclear, or one of a newer version: ${path}`);
  if (!read.toString('latin1').startsWith(magic) || end === -1) throw foreign;
  try {
    const given = JSON.parse(read.toString('utf8', magic.length, end)) as Record<string, unknown>;
    // Never a cost that the file chooses: a hostile one would fill the memory.
    const isOurs = given['kdf'] === 'scrypt' && given['N'] === cost.N && given['r'] === cost.r && given['p'] === cost.p;
    const salt = Buffer.from(String(given['salt']), 'base64url');
    if (!isOurs || salt.length !== saltBytes) throw foreign;
    return { header: Buffer.from(read.subarray(0, end + 1)), salt };
  } catch {
    throw foreign;
  }
}

async function readExactly(file: FileHandle, position: number, size: number): Promise<Buffer | null> {
  const bytes = Buffer.alloc(size);
  let done = 0;
  while (done < size) {
    const { bytesRead } = await file.read(bytes, done, size - done, position + done);
    if (bytesRead === 0) return null;
    done += bytesRead;
  }
  return bytes;
}

/** 96 bits: eleven bytes of counter, one that is 1 in the last frame. A key seals one file, so no nonce comes twice. */
function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(number, 5, 6);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

async function deriveKey(passphrase: string, salt: Buffer): Promise<Buffer> {
  const run = promisify<string, Buffer, number, object, Buffer>(scrypt);
  return run(passphrase.normalize('NFC'), salt, keyBytes, { ...cost, maxmem: costMemoryBytes });
}

function wrongPassphrase(path: string): Failure {
  return new Failure(
    'backup-unreadable',
    `The backup does not open: the passphrase is another, or ${path} was changed.`,
  );
}

function cutShort(path: string, frame: number): Failure {
  return new Failure(
    'backup-unreadable',
    `The backup was cut short: ${path} ends in frame ${frame}. Take another copy.`,
  );
}

function changed(path: string, frame: number): Failure {
  return new Failure('backup-unreadable', `The backup was changed: frame ${frame} of ${path} is not what was written.`);
}
