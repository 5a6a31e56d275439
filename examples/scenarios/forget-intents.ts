import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Loaded before a worker by NODE_OPTIONS, to plant a fault: the intent to write a dot is never written down. It still reads
 * whether its permit was taken back.
 */
const dotIntended = 0x31;
const realWrite = fs.writeSync.bind(fs);

function isIntent(bytes: unknown, position: unknown): boolean {
  return bytes instanceof Uint8Array && bytes.length === 1 && bytes[0] === dotIntended && Number(position) > 0;
}

fs.writeSync = ((...given: Parameters<typeof fs.writeSync>) => {
  const [, bytes, , , position] = given as readonly unknown[];
  return isIntent(bytes, position) ? 1 : realWrite(...given);
}) as typeof fs.writeSync;
syncBuiltinESMExports();
