import { open } from 'node:fs/promises';

/** Tokens of the large providers take up to 3 kB; an AUTH line may have 12,288 octets (RFC 4954 section 4). */
const tokenMaxBytes = 8_000;

export type ReadToken =
  | { readonly kind: 'token'; readonly token: string }
  /** Names neither the file's content nor a part of it. */
  | { readonly kind: 'unreadable'; readonly why: string };

/**
 * The bearer token that a file holds now, with a line end or without: whoever renews it writes it anew, and the next
 * connection takes that one (RFC 6750 2.1 says which characters it may have).
 */
export async function readToken(path: string): Promise<ReadToken> {
  let text: string;
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(tokenMaxBytes + 1), 0, tokenMaxBytes + 1, 0);
    text = buffer.toString('latin1', 0, bytesRead);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return { kind: 'unreadable', why: `the file of the mail server's token cannot be read (${code})` };
  }
  if (text.length > tokenMaxBytes)
    return { kind: 'unreadable', why: `the file of the mail server's token holds more than ${tokenMaxBytes} bytes` };
  const token = text.replace(/\r?\n$/, '');
  return /^[A-Za-z0-9._~+/-]+=*$/.test(token)
    ? { kind: 'token', token }
    : { kind: 'unreadable', why: "the file of the mail server's token holds no bearer token" };
}
