import { isIP } from 'node:net';

import { Failure } from '../../../domain/shared/failure.ts';

/**
 * `implicit`: TLS from the first byte (RFC 8314). `starttls`: required, never plain text instead. `none-on-loopback`:
 * plain, after making sure that the peer really is this machine. `none`: plain, because the configuration says so.
 */
export type TlsMode = 'implicit' | 'starttls' | 'none-on-loopback' | 'none';

/** By a password, or by a bearer token that a file holds anew whenever it was renewed. */
export type Login =
  | { readonly user: string; readonly password: string }
  | { readonly user: string; readonly tokenFile: string };

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsMode;
  readonly login: Login | null;
}

/**
 * Reads `SMTP_URL`: `smtp://host:port` (587) or `smtps://host:port` (465), with optional `user:password@` and
 * `?requireTls=true|false`; instead of a password `?tokenFile=/path`. Without `requireTls`, `smtp:` means STARTTLS, except
 * towards this machine itself; a token is never shown without TLS, not even there.
 * `Failure('usage')` for anything else; the message never repeats the URL, which may hold a password.
 */
export function parseSmtpUrl(text: string): SmtpServer {
  if (!URL.canParse(text)) throw unusable('it is not a URL. Expected smtp://host:port or smtps://host:port');
  const url = new URL(text);
  if (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') throw unusable('it must begin with smtp:// or smtps://');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (host === '') throw unusable('it names no host');
  if (url.pathname !== '' && url.pathname !== '/')
    throw unusable('nothing may follow the port but ?requireTls= and tokenFile=');
  const tls = tlsModeOf(url, host);
  const login = loginOf(url);
  if (login !== null && 'tokenFile' in login && tls !== 'implicit' && tls !== 'starttls')
    throw unusable('a token is never shown without TLS: use smtps://, or requireTls=true');
  if (login !== null && tls === 'none') throw unusable('a password is never sent without TLS: remove requireTls=false');
  return { host, port: url.port === '' ? (url.protocol === 'smtps:' ? 465 : 587) : Number(url.port), tls, login };
}

/** Whether an IP address, or the name `localhost`, means this machine. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  const v4 = host.replace(/^::ffff:/i, '');
  return isIP(v4) === 4 && v4.startsWith('127.');
}

function tlsModeOf(url: URL, host: string): TlsMode {
  for (const name of url.searchParams.keys()) {
    if (name !== 'requireTls' && name !== 'tokenFile')
      throw unusable('the only parameters it may have are requireTls and tokenFile');
  }
  const required = url.searchParams.get('requireTls');
  if (required !== null && required !== 'true' && required !== 'false') throw unusable('requireTls is true or false');
  if (url.protocol === 'smtps:') {
    if (required === 'false') throw unusable('smtps:// always has TLS: drop requireTls=false, or use smtp://');
    return 'implicit';
  }
  if (required === 'true') return 'starttls';
  if (isLoopback(host)) return 'none-on-loopback';
  return required === 'false' ? 'none' : 'starttls';
}

function loginOf(url: URL): Login | null {
  const tokenFile = url.searchParams.get('tokenFile');
  if (tokenFile !== null) return tokenLoginOf(url, tokenFile);
  if (url.username === '' && url.password === '') return null;
  const user = decoded(url.username);
  const password = decoded(url.password);
  if (user === '' || password === '') throw unusable('a login needs both a user and a password');
  if (user.includes('\0') || password.includes('\0')) throw unusable('a login cannot hold a NUL character');
  return { user, password };
}

/** The name stands between control characters of its own (RFC 7628 3.1), and may hold none. */
function tokenLoginOf(url: URL, tokenFile: string): Login {
  const user = decoded(url.username);
  if (user === '' || url.password !== '') throw unusable('with a tokenFile it names a user and no password');
  if (/\p{Cc}/u.test(user)) throw unusable('a login cannot hold a control character');
  if (!tokenFile.startsWith('/') || tokenFile.includes('\0')) throw unusable('tokenFile is an absolute path');
  return { user, tokenFile };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unusable('its user or password has a % that is not followed by two hex digits');
  }
}

function unusable(why: string): Failure {
  return new Failure('usage', `SMTP_URL cannot be used: ${why}.`);
}
