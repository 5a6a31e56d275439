import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from '../adapters/metrics/metrics.ts';
import type { Installation } from './installation.ts';

export interface MetricsListener {
  /** Null: it could not listen. */
  readonly url: string | null;
  stop(): Promise<void>;
}

/**
 * Shows the figures of this process on 127.0.0.1 alone, with no word of who may ask: whoever is on this machine. A port
 * that is taken is said and ends nothing, since figures are never worth a stopped worker. Null where none is configured.
 */
export async function listenForScrapes(
  { config, log }: Pick<Installation, 'config' | 'log'>,
  metrics: Metrics,
): Promise<MetricsListener | null> {
  if (config.metricsPort === null) return null;
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?', 1)[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.scrape().then(
      (text) => response.writeHead(200, { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' }).end(text),
      (error: unknown) => {
        log.warn({ err: error }, 'the figures could not be read');
        response.writeHead(500).end();
      },
    );
  });
  const wanted = config.metricsPort;
  const isListening = await new Promise<boolean>((resolve) => {
    server.once('error', (error) => {
      log.warn({ err: error, port: wanted }, 'the figures are shown nowhere: ALLCLEAR_METRICS_PORT cannot be used');
      resolve(false);
    });
    server.listen(wanted, '127.0.0.1', () => resolve(true));
  });
  // A listener that breaks later is worth a line as well, and no more.
  server.on('error', (error) => log.warn({ err: error }, 'the figures are shown no more'));
  const url = isListening ? `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics` : null;
  if (url !== null) log.info({ url }, 'figures are shown');
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
