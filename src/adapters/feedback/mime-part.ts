/** One part of a message of strangers. Text is latin1: one character per byte, so that every offset is a byte. */
export interface MimePart {
  /** Names in lower case; of repeated fields the first. Unfolded. */
  readonly headers: ReadonlyMap<string, string>;
  /** `multipart/report`, in lower case; `text/plain` where none is said (RFC 2045 section 5.2). */
  readonly type: string;
  readonly params: ReadonlyMap<string, string>;
  /** As it came, its transfer encoding not undone. */
  readonly body: string;
}

/** A header longer than this is not read further: a report's is a few kilobytes. */
const headerCharsMax = 65_536;
const fieldsMax = 300;
const paramsMax = 16;
/** A report has three parts, and a few more where a gateway adds its own. */
const partsMax = 16;

/** Reads headers and leaves the body as it is. Never fails: what is no message is a part without headers. */
export function readMimePart(text: string): MimePart {
  const end = endOfHeader(text);
  const headers = readFields(text.slice(0, Math.min(end.header, headerCharsMax)));
  const contentType = headers.get('content-type') ?? 'text/plain';
  const [type = '', ...params] = splitParams(contentType);
  return { headers, type: type.toLowerCase(), params: readParams(params), body: text.slice(end.body) };
}

/** Fields of a header or of a group of a report, names in lower case, unfolded (RFC 5322 section 2.2). */
export function readFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let name = '';
  let read = 0;
  for (const line of text.split('\n')) {
    if (read >= fieldsMax) break;
    const bare = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (bare.startsWith(' ') || bare.startsWith('\t')) {
      const before = fields.get(name);
      if (before !== undefined && before.length < headerCharsMax) fields.set(name, `${before} ${bare.trim()}`);
      continue;
    }
    const colon = bare.indexOf(':');
    name = colon === -1 ? '' : bare.slice(0, colon).trim().toLowerCase();
    if (name === '') continue;
    read += 1;
    // A second one of the same name must not change what the first said, nor take its continuation lines.
    if (fields.has(name)) name = '';
    else fields.set(name, bare.slice(colon + 1).trim());
  }
  return fields;
}

/**
 * The direct parts of a multipart (RFC 2046 section 5.1.1). Null where it has no boundary, is cut off before its closing
 * one, or has more parts than a report ever has.
 */
export function splitParts(part: MimePart): readonly MimePart[] | null {
  const boundary = part.params.get('boundary');
  if (boundary === undefined || boundary.length === 0 || boundary.length > 70) return null;
  const delimiter = `--${boundary}`;
  const parts: MimePart[] = [];
  let from: number | null = null;
  for (let at = part.body.indexOf(delimiter); at !== -1; at = part.body.indexOf(delimiter, at + delimiter.length)) {
    if (at !== 0 && part.body[at - 1] !== '\n') continue;
    const lineEnd = part.body.indexOf('\n', at);
    const rest = part.body.slice(at + delimiter.length, lineEnd === -1 ? undefined : lineEnd).trimEnd();
    if (rest !== '' && rest !== '--') continue;
    if (from !== null) parts.push(readMimePart(part.body.slice(from, at)));
    if (rest === '--') return parts;
    if (lineEnd === -1 || parts.length >= partsMax) return null;
    from = lineEnd + 1;
  }
  return null;
}

/** The body with its transfer encoding undone, latin1. Null for an encoding that is none of RFC 2045's. */
export function decodedBody(part: MimePart): string | null {
  switch ((part.headers.get('content-transfer-encoding') ?? '7bit').toLowerCase()) {
    case '7bit':
    case '8bit':
    case 'binary':
      return part.body;
    case 'base64':
      return Buffer.from(part.body, 'base64').toString('latin1');
    case 'quoted-printable':
      return part.body
        .replaceAll(/=\r?\n/g, '')
        .replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    default:
      return null;
  }
}

function endOfHeader(text: string): { readonly header: number; readonly body: number } {
  const crlf = text.indexOf('\r\n\r\n');
  const lf = text.indexOf('\n\n');
  if (crlf === -1 && lf === -1) return { header: text.length, body: text.length };
  return lf !== -1 && (crlf === -1 || lf < crlf) ? { header: lf, body: lf + 2 } : { header: crlf, body: crlf + 4 };
}

/** Splits at semicolons outside quotes. */
function splitParams(value: string): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  let isQuoted = false;
  for (let at = 0; at < value.length && pieces.length < paramsMax; at += 1) {
    const char = value.charAt(at);
    if (isQuoted && char === '\\') {
      at += 1;
      piece += value.charAt(at);
    } else if (char === '"') isQuoted = !isQuoted;
    else if (char === ';' && !isQuoted) {
      pieces.push(piece.trim());
      piece = '';
    } else piece += char;
  }
  return [...pieces, piece.trim()];
}

function readParams(pieces: readonly string[]): ReadonlyMap<string, string> {
  const params = new Map<string, string>();
  for (const piece of pieces) {
    const equals = piece.indexOf('=');
    const name = piece.slice(0, Math.max(0, equals)).trim().toLowerCase();
    if (name !== '' && !params.has(name)) params.set(name, piece.slice(equals + 1).trim());
  }
  return params;
}
