import { isIP } from 'node:net';

export interface RelyingParty {
  /** Where the console is opened, as browsers write an origin. */
  readonly origin: string;
  /** The host that passkeys are made for; null where browsers offer none: an address in numbers, or plain HTTP. */
  readonly rpId: string | null;
}

/**
 * W3C Web Authentication Level 3, section 5.1.2: an RP id is a domain, in a secure context. `localhost` is one and
 * 127.0.0.1 is not, so that on this machine the console is opened by that name.
 */
export function relyingPartyOf(publicUrl: string): RelyingParty {
  const url = new URL(publicUrl);
  const isLoopback = /^127(\.[0-9]{1,3}){3}$/.test(url.hostname) || url.hostname === '[::1]';
  if (isLoopback) url.hostname = 'localhost';
  const { hostname, origin, protocol } = url;
  const isSecure = protocol === 'https:' || hostname === 'localhost';
  const isAddress = hostname.startsWith('[') || isIP(hostname) !== 0;
  return { origin, rpId: isSecure && !isAddress ? hostname : null };
}
