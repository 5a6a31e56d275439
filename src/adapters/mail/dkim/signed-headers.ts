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
  /** For `h=`, in the order in which they were hashed; the same array while the fields of mails are called the same. */
  readonly names: readonly string[];
  /** The signed fields in the relaxed form of RFC 6376 3.4.2, each with its CRLF. One character stands for one byte. */
  readonly relaxed: string;
}

/** What follows from how the fields of a head are called alone. */
interface Choice {
  readonly fields: string;
  readonly names: readonly string[];
  /** Signed in this order: which field of the head, and what its relaxed form begins with. */
  readonly order: readonly { readonly at: number; readonly begin: string }[];
}

/**
 * Chooses what of a head is signed. `head` is all before the empty line, latin1, with CRLF line ends. The mails of one plan
 * have the same fields, so what is signed of the last one is known of the next.
 */
export function makeHeaderChooser(): (head: string) => SignedHeaders {
  let choice: Choice = { fields: '', names: [], order: [] };
  return (head) => {
    const { names, values } = fieldsOf(head);
    const fields = names.join(':');
    if (fields !== choice.fields) choice = { fields, ...choose(names) };
    let relaxed = '';
    for (const { at, begin } of choice.order) relaxed += `${begin}${relaxValue(values[at] ?? '')}\r\n`;
    return { names: choice.names, relaxed };
  };
}

/** Each field's name as it is written and all behind its colon; a line without a name has an empty one. */
function fieldsOf(head: string): { readonly names: readonly string[]; readonly values: readonly string[] } {
  const names: string[] = [];
  const values: string[] = [];
  for (let from = 0; from < head.length;) {
    let end = head.indexOf('\r\n', from);
    while (end !== -1 && (head[end + 2] === ' ' || head[end + 2] === '\t')) end = head.indexOf('\r\n', end + 2);
    if (end === -1) end = head.length;
    const colon = head.indexOf(':', from);
    const isField = colon !== -1 && colon < end;
    names.push(isField ? head.slice(from, colon) : '');
    values.push(isField ? head.slice(colon + 1, end) : '');
    from = end + 2;
  }
  return { names, values };
}

function choose(written: readonly string[]): Pick<Choice, 'names' | 'order'> {
  const places = new Map<string, number[]>();
  for (const [at, one] of written.entries()) {
    const name = one.trim().toLowerCase();
    if (name === '' || neverSigned.has(name)) continue;
    const known = places.get(name);
    if (known === undefined) places.set(name, [at]);
    else known.push(at);
  }
  const names: string[] = [];
  const order: { readonly at: number; readonly begin: string }[] = [];
  for (const name of new Set([...oversigned, ...places.keys()])) {
    // RFC 6376 5.4.2: of several of one name the last is taken first.
    for (const at of (places.get(name) ?? []).toReversed()) {
      names.push(name);
      order.push({ at, begin: `${name}:` });
    }
    if (oversigned.includes(name)) names.push(name);
  }
  return { names, order };
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
