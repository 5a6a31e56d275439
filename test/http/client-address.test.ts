import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { makeClientAddress } from '../../src/http/client-address.ts';

/** What limits count for a request from this socket with these headers. */
async function keyOf(peer: string, forwarded: string | null, trusted: readonly string[] = []): Promise<string> {
  const app = new Hono();
  const clientAddressOf = makeClientAddress(trusted);
  app.get('/', (c) => c.text(clientAddressOf(c)));
  const headers = forwarded === null ? {} : { 'x-forwarded-for': forwarded };
  const answer = await app.request('/', { headers }, { incoming: { socket: { remoteAddress: peer, remotePort: 1 } } });
  return answer.text();
}

const proxies = ['10.0.0.0/8', '192.0.2.7', '2001:db8:ffff::/48'];

describe('the address that limits count', () => {
  it('nobody gets a new bucket by naming another address, where no proxy is trusted', async () => {
    expect(await keyOf('198.51.100.4', '203.0.113.9')).toBe('198.51.100.4');
    expect(await keyOf('198.51.100.4', '203.0.113.9', proxies)).toBe('198.51.100.4');
  });

  it('readers behind a trusted proxy are counted one by one', async () => {
    expect(await keyOf('10.1.2.3', '203.0.113.9', proxies)).toBe('203.0.113.9');
    expect(await keyOf('::ffff:10.1.2.3', '203.0.113.9', proxies)).toBe('203.0.113.9');
    expect(await keyOf('2001:db8:ffff::1', '203.0.113.9:4711', proxies)).toBe('203.0.113.9');
    expect(await keyOf('192.0.2.7', '[2001:db8:1:2::9]:80', proxies)).toBe('2001:db8:1:2');
  });

  it('what a client wrote into the header itself, left of our proxies, is not believed', async () => {
    expect(await keyOf('10.1.2.3', '1.1.1.1, 203.0.113.9, 10.9.9.9', proxies)).toBe('203.0.113.9');
    expect(await keyOf('10.1.2.3', '10.8.8.8, 203.0.113.9', proxies)).toBe('203.0.113.9');
    expect(await keyOf('10.1.2.3', '203.0.113.9, no address', proxies)).toBe('10.1.2.3');
    expect(await keyOf('10.1.2.3', '', proxies)).toBe('10.1.2.3');
  });

  it('a household on IPv6 has one bucket however its addresses are written', async () => {
    const spellings = ['2001:db8:1:2::5', '2001:0DB8:0001:0002:ffff:0:0:1', '2001:db8:1:2:0::'];
    expect(new Set(await Promise.all(spellings.map((one) => keyOf(one, null))))).toEqual(new Set(['2001:db8:1:2']));
    expect(await keyOf('::1', null)).toBe('0:0:0:0');
    expect(await keyOf('2001:db8::7', null)).toBe('2001:db8:0:0');
    expect(await keyOf('::ffff:192.0.2.1', null)).toBe('192.0.2.1');
  });
});
