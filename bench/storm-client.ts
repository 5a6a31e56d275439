/**
 * Asks one address over many connections that are kept, as fast as answers come. A process of its own, so that its CPU
 * time is nobody's. Told `StormOrder` by a message, it answers with `StormSeen`.
 */
import { connect } from 'node:net';

export interface StormOrder {
  readonly port: number;
  readonly connections: number;
  readonly requests: number;
  readonly method: 'GET' | 'POST';
  /** One of them in turn. */
  readonly paths: readonly string[];
  /** Of a form; one of them in turn. */
  readonly bodies: readonly string[];
}

export interface StormSeen {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Of one answer, headers too. */
  readonly answerBytes: number;
}

process.on('message', (order: StormOrder) => {
  void storm(order).then((seen) => process.send?.(seen));
});
process.once('disconnect', () => process.exit());
process.send?.('ready');

async function storm(order: StormOrder): Promise<StormSeen> {
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  let answerBytes = 0;
  let asked = 0;
  await Promise.all(
    Array.from(
      { length: order.connections },
      () =>
        new Promise<void>((resolve, reject) => {
          const socket = connect({ port: order.port, host: '127.0.0.1', noDelay: true });
          let input = '';
          let sentAtMs = 0;
          const ask = (): void => {
            if (asked >= order.requests) return void socket.end();
            sentAtMs = performance.now();
            socket.write(requestOf(order, asked));
            asked += 1;
          };
          socket.on('connect', ask);
          socket.on('error', reject);
          socket.on('close', () => resolve());
          socket.on('data', (piece) => {
            input += piece.toString('latin1');
            const size = sizeOf(input);
            if (size === null || input.length < size) return;
            latencies.push(performance.now() - sentAtMs);
            const status = input.slice(9, 12);
            statuses[status] = (statuses[status] ?? 0) + 1;
            answerBytes = size;
            input = input.slice(size);
            ask();
          });
        }),
    ),
  );
  const sorted = latencies.toSorted((a, b) => a - b);
  const share = (part: number): number => sorted[Math.floor(sorted.length * part)] ?? Number.NaN;
  return { p50Ms: share(0.5), p99Ms: share(0.99), statuses, answerBytes };
}

/** Each from another client, as the proxy in front says. */
function requestOf({ method, paths, bodies }: StormOrder, at: number): string {
  const client = `198.${18 + ((at >> 16) & 1)}.${(at >> 8) & 255}.${at & 255}`;
  const path = paths[at % paths.length] ?? '/';
  const head = `${method} ${path} HTTP/1.1\r\nhost: bench.example\r\naccept-language: de;q=0.5, en\r\nx-forwarded-for: ${client}\r\n`;
  if (method === 'GET') return `${head}\r\n`;
  const body = bodies[at % bodies.length] ?? '';
  return `${head}content-type: application/x-www-form-urlencoded\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

/** Of the answer that `input` begins with, once its end can be known; null before. */
function sizeOf(input: string): number | null {
  const head = input.indexOf('\r\n\r\n');
  if (head === -1) return null;
  const length = /\r\ncontent-length: (\d+)/i.exec(input.slice(0, head + 2))?.[1];
  if (length !== undefined) return head + 4 + Number(length);
  const end = input.indexOf('\r\n0\r\n\r\n', head + 2);
  return end === -1 ? null : end + 7;
}
