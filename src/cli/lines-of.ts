/** A line of the API is a target or a count; a longer one is not ours. */
const maxLineLength = 4 * 1_024 * 1_024;

/** Bytes as lines of text (UTF-8, ended by LF), blank ones left out. */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > maxLineLength) throw new Error('a line of the answer does not end');
    for (const part of parts) if (part.trim() !== '') yield part;
  }
  if (rest.trim() !== '') yield rest;
}
