import { makeLogger } from '../adapters/log/logger.ts';
import { loadConfig } from '../config/load-config.ts';
import { openInstallation } from './installation.ts';
import { listenForScrapes } from './metrics-listener.ts';
import { logCrashes } from './log-crashes.ts';
import { onStopSignal } from './process-signals.ts';
import { runWorker } from './run-worker.ts';

const { config } = loadConfig({ env: process.env, flags: {}, cwd: process.cwd() });
const log = makeLogger({ name: 'worker', level: config.logLevel });
logCrashes(log);
const installation = await openInstallation(config, 'worker', log);
const worker = runWorker(installation);
const listener = await listenForScrapes(installation, installation.metrics);

// Stops every sender of this process at once, with nothing but the process itself.
process.on('SIGUSR2', () => {
  installation.fence.latch();
  log.warn('halted by SIGUSR2: this worker acts on nothing until it is started anew');
});
onStopSignal(async () => {
  await worker.stop();
  await listener?.stop();
  await installation.close();
});
process.send?.({ kind: 'ready', metricsUrl: listener?.url ?? null });
