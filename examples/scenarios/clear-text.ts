/** What may be said before TLS: nothing of a mail, of a reader or of a login is in it. */
const harmless = /^(?:EHLO [\w.[\]:-]+|STARTTLS|QUIT|NOOP|RSET)$/i;
/** Change of cipher, alert, handshake, data (RFC 8446 5.1), each with a version and a length before it. */
const recordTypes = { first: 20, last: 23 } as const;
const recordHead = 5;
const versionMajor = 3;
const lineMax = 512;

/** What a client said on one connection that anybody on the way could read, beyond what is harmless; null for nothing. */
export function clearText(said: Buffer): string | null {
  let at = 0;
  while (at < said.length && !isRecord(said, at)) {
    const end = said.indexOf('\r\n', at);
    const line = said.toString('latin1', at, end === -1 ? Math.min(said.length, at + lineMax) : end);
    // The last line of a connection that was cut may be the beginning of a harmless one.
    if (!harmless.test(line)) return end === -1 && line.length < 5 ? null : (line.split(/[ :]/)[0] ?? '');
    if (end === -1) return null;
    at = end + 2;
  }
  // From here on there are records, one after the other, to the end.
  while (at < said.length) {
    if (!isRecord(said, at)) return 'bytes outside of TLS';
    at += recordHead + (said.length - at < recordHead ? 0 : said.readUInt16BE(at + 3));
  }
  return null;
}

function isRecord(said: Buffer, at: number): boolean {
  const type = said[at] ?? 0;
  return (
    type >= recordTypes.first && type <= recordTypes.last && (at + 1 >= said.length || said[at + 1] === versionMajor)
  );
}

/** Throws unless a mail, a login and a byte after TLS are each seen. */
export function proveClearText(): void {
  const record = Buffer.of(22, 3, 1, 0, 2, 1, 2);
  const start = 'EHLO worker.test\r\nSTARTTLS\r\n';
  const falsified: Readonly<Record<string, Buffer>> = {
    'a sender in clear': Buffer.from('EHLO worker.test\r\nMAIL FROM:<a@b.example>\r\n'),
    'a login in clear': Buffer.from('EHLO worker.test\r\nAUTH PLAIN AGEAYg==\r\n'),
    'a mail that goes on after a failed handshake': Buffer.concat([
      Buffer.from(start),
      record,
      Buffer.from('RCPT TO:<a@b.example>\r\n'),
    ]),
  };
  for (const [name, said] of Object.entries(falsified))
    if (clearText(said) === null) throw new Error(`the judge of this rig does not see: ${name}`);
  if (clearText(Buffer.concat([Buffer.from(start), record])) !== null)
    throw new Error('the judge of this rig takes TLS for clear text');
}
