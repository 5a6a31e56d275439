import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

export interface SaslServer {
  readonly port: number;
  /** Mechanism and decoded answer of each try. */
  readonly tries: readonly { readonly mechanism: string; readonly said: string }[];
  close(): Promise<void>;
}

/**
 * Says yes or no to logins for a Postfix (`smtpd_sasl_type = dovecot`), by Dovecot's authentication protocol 1.1: lines of
 * tab-separated fields.
 */
export async function startSaslServer(isRight: (mechanism: string, said: string) => boolean): Promise<SaslServer> {
  const tries: { readonly mechanism: string; readonly said: string }[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    const mechanisms = ['PLAIN\tplaintext', 'LOGIN\tplaintext', 'XOAUTH2'].map((name) => `MECH\t${name}`);
    socket.write(['VERSION\t1\t1', ...mechanisms, 'SPID\t1', 'CUID\t1', 'COOKIE\t00', 'DONE', ''].join('\n'));
    createInterface({ input: socket }).on('line', (line) => {
      const [verb, id, mechanism = '', ...fields] = line.split('\t');
      if (verb !== 'AUTH') return;
      const answer = fields.find((field) => field.startsWith('resp='))?.slice(5) ?? '';
      const said = Buffer.from(answer, 'base64').toString('utf8');
      tries.push({ mechanism, said });
      socket.write(isRight(mechanism, said) ? `OK\t${id}\tuser=relay\n` : `FAIL\t${id}\tuser=relay\n`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    tries,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
