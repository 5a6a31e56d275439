/** Where a list with a header line has its address and its password. */
export interface CredentialColumns {
  readonly separator: number;
  readonly address: number;
  readonly password: number;
  /** What the password is for, where a column says so; -1 where none does. */
  readonly place: number;
  readonly columns: number;
}

/** `columns` null: the header says no more than the plain `address:password` form does. */
export type CredentialHeader = { readonly columns: CredentialColumns | null };

const addressNames = new Set(['address', 'email', 'e-mail', 'email_address', 'mail', 'login', 'user', 'username']);
const passwordNames = new Set(['password', 'pass', 'passwd', 'pwd', 'plain', 'plaintext', 'password_plain']);
const placeNames = new Set([
  'url',
  'uri',
  'host',
  'hostname',
  'website',
  'site',
  'domain',
  'web',
  'link',
  'origin',
  'origin_url',
  'signon_realm',
]);
const separators = [',', ';', '\t', '|', ':'];
const maxHeaderBytes = 2_000;
/** In lists of user names every line is without an address: one that can be no header must cost little. */
const hasPasswordName = new RegExp(`(?:^|[\\s",;|:])(?:${[...passwordNames].join('|')})(?:$|[\\s",;|:])`, 'i');

/**
 * Reads a line without an address as a header, or says that it is none. A mail column wins over a user name's. Where a
 * header says no more than `address:password` does, only a mail column makes it one: `user:password` and `login:pass`
 * are pairs that people have, and must not end the columns that hold.
 */
export function readCredentialHeader(bytes: Uint8Array, start: number, end: number): CredentialHeader | null {
  if (end - start > maxHeaderBytes) return null;
  const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
  if (!hasPasswordName.test(line) || line.includes('@')) return null;
  for (const separator of separators) {
    const names = line.split(separator).map((name) =>
      name
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .toLowerCase(),
    );
    if (names.length < 2) continue;
    const password = names.findIndex((name) => passwordNames.has(name));
    const mail = names.findIndex((name) => addressNames.has(name) && name.includes('mail'));
    const address = mail === -1 ? names.findIndex((name) => addressNames.has(name)) : mail;
    if (address === -1 || password === -1) continue;
    const place = names.findIndex((name) => placeNames.has(name));
    const isPlainOrder = names.length === 2 && address === 0;
    if (isPlainOrder && mail === -1) return null;
    return {
      columns:
        isPlainOrder && separator !== ','
          ? null
          : { separator: separator.charCodeAt(0), address, password, place, columns: names.length },
    };
  }
  return null;
}
