/** The bytes as a stream, cut into chunks of the given sizes, over and over. */
export async function* streamOf(bytes: Uint8Array, chunkSizes: readonly number[] = [bytes.length]) {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = Math.max(1, chunkSizes[turn % chunkSizes.length] ?? bytes.length);
    yield bytes.slice(at, at + size);
    at += size;
  }
}

export const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');

export async function collect<T>(all: AsyncIterable<T>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const item of all) items.push(item);
  return items;
}
