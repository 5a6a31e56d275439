/** C0, DEL and C1 controls, and the marks that turn the direction of text: with these, data could repaint a terminal. */
const dangerous = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Makes one line of text harmless: what could act on a terminal is shown as its code (`\x1b`, `\u202e`). */
export function cleanText(text: string): string {
  return text.replace(dangerous, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
