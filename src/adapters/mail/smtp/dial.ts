import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

import type { ReleaseCause } from '../../../app/ports/holder-transport.ts';
import { isLoopback, type SmtpServer } from './smtp-server.ts';

export interface DialFailure {
  readonly kind: 'failed';
  readonly cause: ReleaseCause;
  readonly why: string;
}

/** Opens TCP to the server. For `none-on-loopback` the peer's real address decides, not its name. */
export function dialTcp(
  server: SmtpServer,
  limitMs: number,
): Promise<{ readonly kind: 'open'; readonly socket: Socket } | DialFailure> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host: server.host, port: server.port, noDelay: true });
    const fail = (cause: ReleaseCause, why: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ kind: 'failed', cause, why });
    };
    const timer = setTimeout(() => fail('silent', `no connection within ${limitMs} ms`), limitMs);
    const onError = (error: NodeJS.ErrnoException): void => fail('unreachable', `cannot connect: ${nameOf(error)}`);
    socket.once('error', onError);
    socket.once('connect', () => {
      if (server.tls === 'none-on-loopback' && !isLoopback(socket.remoteAddress ?? '')) {
        return fail('untrusted', 'the name of this machine led to another one, and TLS is required there');
      }
      clearTimeout(timer);
      socket.off('error', onError);
      resolve({ kind: 'open', socket });
    });
  });
}

/**
 * Puts TLS (1.2 or newer) on an open connection and checks the certificate for the configured host. There is no way to
 * switch that check off: a private authority is trusted by naming it.
 */
export function secure(
  tcp: Socket,
  server: SmtpServer,
  certificateAuthority: string | undefined,
  limitMs: number,
): Promise<{ readonly kind: 'open'; readonly socket: TLSSocket } | DialFailure> {
  return new Promise((resolve) => {
    const socket = connectTls({
      socket: tcp,
      host: server.host,
      minVersion: 'TLSv1.2',
      // RFC 6066 section 3: a literal IP address is not a server name.
      ...(isIP(server.host) === 0 ? { servername: server.host } : {}),
      ...(certificateAuthority === undefined ? {} : { ca: certificateAuthority }),
    });
    const fail = (cause: ReleaseCause, why: string): void => {
      clearTimeout(timer);
      socket.destroy();
      tcp.destroy();
      resolve({ kind: 'failed', cause, why });
    };
    const timer = setTimeout(() => fail('silent', `no TLS handshake within ${limitMs} ms`), limitMs);
    const onEnd = (): void => fail('unreachable', 'the server closed the connection during the TLS handshake');
    const onError = (error: NodeJS.ErrnoException): void => {
      const isLoss = error.code === 'ECONNRESET' || error.code === 'EPIPE';
      fail(isLoss ? 'unreachable' : 'untrusted', `TLS failed: ${nameOf(error)}`);
    };
    // A reset can reach the TCP socket first; unheard it would end the process.
    tcp.on('error', () => undefined);
    socket.once('error', onError);
    socket.once('end', onEnd);
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      socket.off('error', onError);
      socket.off('end', onEnd);
      resolve({ kind: 'open', socket });
    });
  });
}

function nameOf(error: NodeJS.ErrnoException): string {
  return error.code ?? error.name;
}
