import { cacheCounts } from '../adapters/metrics/cached-counts.ts';
import { makeCountLevels } from '../adapters/metrics/show-counts.ts';
import { countTaskFailures } from '../adapters/metrics/task-failures.ts';
import { countInstallation } from '../app/metrics/count-installation.ts';
import type { SeenRequest } from '../http/note-request.ts';
import type { Services } from '../http/services.ts';
import type { Installation } from './installation.ts';
import { mailRatesFrom } from './mail-rates-from.ts';

/** What only the server counts: requests, imports, its regular tasks, and the whole installation from its database. */
export interface ServerMetrics {
  readonly onRequest: (request: SeenRequest) => void;
  readonly onTaskFailed: (task: string, error: unknown) => void;
  onCheckpoint(): void;
  onLedgerLook(isSound: boolean): void;
  /** The same services, with the lines of imports counted. */
  measured(services: Services): Services;
}

export function makeServerMetrics({ metrics, store, policy, clock, config, rateStore }: Installation): ServerMetrics {
  const requests = metrics.timing('allclear_http_request_seconds', 'Requests by the pattern of their route.', [
    'method',
    'route',
    'status',
  ]);
  const lines = metrics.tally('allclear_import_lines_total', 'Lines of lists that were read.');
  const checkpoint = metrics.level(
    'allclear_checkpoint_timestamp_seconds',
    'When every chain was last seen to be covered by a signed checkpoint.',
  );
  const ledger = metrics.level(
    'allclear_ledger_sound',
    '1 where the ends of the chains agree with the checkpoints at the last hourly look, else 0.',
  );
  cacheCounts(
    metrics,
    () => countInstallation({ store, policy, mailRate: { rates: mailRatesFrom(config), store: rateStore } }),
    makeCountLevels(metrics),
  );
  return {
    onRequest: ({ seconds, method, route, status }) =>
      requests.observe(seconds, { method: knownMethod(method), route, status: String(status) }),
    onTaskFailed: countTaskFailures(metrics),
    onCheckpoint: () => checkpoint.set(clock.now().getTime() / 1_000),
    onLedgerLook: (isSound) => ledger.set(Number(isSound)),
    measured: (services) => ({
      ...services,
      importEvidence: (request, onProgress) => {
        let counted = 0;
        return services.importEvidence(request, (progress) => {
          if (progress.phase === 'reading' && progress.lines > counted) {
            lines.add({}, progress.lines - counted);
            counted = progress.lines;
          }
          onProgress(progress);
        });
      },
    }),
  };
}

/** A stranger may send any word as a method; it does not become a label. */
function knownMethod(method: string): string {
  return ['GET', 'POST', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method) ? method : 'other';
}
