/**
 * Headers that are named once more than they occur, so that nobody can add one to a mail that we signed and have it
 * shown in place of ours (RFC 6376 5.4 and 8.15). Whatever else a mail of ours carries is named as often as it occurs.
 */
const oversigned: readonly string[] = [
  'from',
  'to',
  'cc',
  'subject',
  'date',
  'message-id',
  'reply-to',
  'sender',
  'in-reply-to',
  'references',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'auto-submitted',
  'feedback-id',
  'x-allclear-notice',
  'list-id',
  'list-help',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'list-subscribe',
  'list-post',
  'list-owner',
  'list-archive',
];

/** RFC 6376 5.4: added or taken away under way, or about the signature itself. */
const neverSigned: ReadonlySet<string> = new Set([
  'return-path',
  'received',
  'bcc',
  'comments',
  'keywords',
  'dkim-signature',
  'authentication-results',
]);

export interface SignedHeaders {
  /** For `h=`, in the order in which they were hashed. */
  readonly names: readonly string[];
  /** The signed fields in the relaxed form of RFC 6376 3.4.2, each with its CRLF. One character stands for one byte. */
  readonly relaxed: string;
}

/** Chooses what of a head is signed. `head` is all before the empty line, latin1, with CRLF line ends. */
export function signedHeaders(head: string): SignedHeaders {
  const found = new Map<string, string[]>();
  for (const field of head.split(/\r\n(?![ \t])/)) {
    const colon = field.indexOf(':');
    const name = field.slice(0, colon).trim().toLowerCase();
    if (colon < 1 || neverSigned.has(name)) continue;
    const values = found.get(name);
    if (values === undefined) found.set(name, [field.slice(colon + 1)]);
    else values.push(field.slice(colon + 1));
  }
  const names: string[] = [];
  let relaxed = '';
  for (const name of new Set([...oversigned, ...found.keys()])) {
    // RFC 6376 5.4.2: of several of one name the last is taken first.
    for (const value of (found.get(name) ?? []).toReversed()) {
      names.push(name);
      relaxed += `${name}:${relaxValue(value)}\r\n`;
    }
    if (oversigned.includes(name)) names.push(name);
  }
  return { names, relaxed };
}

/** A field's value unfolded, its blanks made one, none at its ends. */
export function relaxValue(value: string): string {
  // Nearly every field is written so: one line, single blanks.
  if (!/[\t\r]|  /.test(value)) return value.slice(value.startsWith(' ') ? 1 : 0, value.endsWith(' ') ? -1 : undefined);
  return value
    .replaceAll('\r\n', '')
    .replaceAll(/[ \t]+/g, ' ')
    .replaceAll(/^ | $/g, '');
}
