/** Bytes per line number: 2^48 lines are more than any list has. */
const width = 6;
const high = 2 ** 32;

/** Line numbers as big-endian 48-bit integers, for sealing. */
export function encodeLines(lines: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(lines.length * width);
  const view = new DataView(bytes.buffer);
  lines.forEach((line, at) => {
    view.setUint16(at * width, Math.floor(line / high));
    view.setUint32(at * width + 2, line % high);
  });
  return bytes;
}

export function decodeLines(bytes: Uint8Array): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lines: number[] = [];
  for (let at = 0; at + width <= bytes.length; at += width) {
    lines.push(view.getUint16(at) * high + view.getUint32(at + 2));
  }
  return lines;
}
