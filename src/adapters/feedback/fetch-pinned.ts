const timeoutMs = 5_000;
/** A certificate has two kilobytes, a confirmation one. */
const textBytesMax = 32 * 1_024;

/**
 * The text behind an https address whose host the caller has fixed. No redirect is followed, and TLS must prove the host:
 * a name that leads to another machine, of ours or of others, is not believed.
 */
export async function fetchPinned(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  if (!answer.ok || answer.body === null) throw new Error(`${new URL(url).host} answered ${answer.status}`);
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of answer.body) {
    sizeBytes += chunk.length;
    if (sizeBytes > textBytesMax) throw new Error(`${new URL(url).host} answered more than ${textBytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
