import { makeLogger } from '../adapters/log/logger.ts';
import { loadConfig } from '../config/load-config.ts';
import { openInstallation } from './installation.ts';
import { logCrashes } from './log-crashes.ts';
import { onStopSignal } from './process-signals.ts';
import { runServer } from './run-server.ts';

const { config } = loadConfig({ env: process.env, flags: {}, cwd: process.cwd() });
const log = makeLogger({ name: 'server', level: config.logLevel });
logCrashes(log);
const installation = await openInstallation(config, 'server', log);
const server = await runServer(installation);
onStopSignal(async () => {
  await server.stop();
  await installation.close();
});
process.send?.({ kind: 'ready', url: server.url, keysMade: installation.keysMade });
