import { BlockList, isIP } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/** Proxies stand in a row of two or three; more entries are somebody's invention and are not read. */
const maxHops = 10;

/**
 * Who a request comes from, as a key for limits: an IPv4 address, or the first 64 bits of an IPv6 one, since a household
 * is given all the addresses below them. `X-Forwarded-For` is believed only as far as it was written by a proxy of ours:
 * from the right, the first hop that is none of `trustedProxies` is the client. Without any, it is not read at all.
 */
export function makeClientAddress(trustedProxies: readonly string[]): (c: Context) => string {
  const trusted = trustList(trustedProxies);
  return (c) => {
    const peer = peerOf(c);
    const header = trustedProxies.length === 0 ? undefined : c.req.header('x-forwarded-for');
    return networkOf(header === undefined ? peer : clientBehind(peer, header, trusted));
  };
}

function clientBehind(peer: string, header: string, trusted: BlockList): string {
  let client = peer;
  const hops = header.split(',').slice(-maxHops).toReversed();
  for (const hop of hops) {
    if (!isTrusted(client, trusted)) return client;
    const named = readHop(hop);
    // What is no address was not written by a proxy: whoever sent it is the client that we know.
    if (named === null) return client;
    client = named;
  }
  return client;
}

/** `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` or `[2001:db8::1]:4711`. */
function readHop(text: string): string | null {
  const hop = text.trim();
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop;
  const address = plain(bare);
  return isIP(address) === 0 ? null : address;
}

function trustList(proxies: readonly string[]): BlockList {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = '', prefix] = proxy.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

function isTrusted(address: string, trusted: BlockList): boolean {
  const family = isIP(address);
  return family !== 0 && trusted.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

function peerOf(c: Context): string {
  try {
    return plain(getConnInfo(c).remote.address ?? 'unknown');
  } catch {
    // No socket: a request made inside this process.
    return 'unknown';
  }
}

/** An IPv4 address that a socket of both families writes as `::ffff:192.0.2.1`. */
function plain(address: string): string {
  return /^::ffff:([\d.]+)$/i.exec(address)?.[1] ?? address;
}

function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail = ''] = address.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === '' ? [] : tail.split(':');
  const whole = address.includes('::')
    ? [...groups, ...Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => '0'), ...rest]
    : groups;
  return whole
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
