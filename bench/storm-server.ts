/** The server as it is started by a person, of the world of a bench: a directory that costs nothing. Asked for its usage, it answers with CPU seconds. */
import { makeLogger } from '../src/adapters/log/logger.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { openInstallation } from '../src/main/installation.ts';
import { runServer } from '../src/main/run-server.ts';
import { makeInventedDirectory } from './invented-directory.ts';
import { codeVersion } from './invented-plan.ts';

const { config } = loadConfig({ env: process.env, flags: {}, cwd: process.cwd() });
const opened = await openInstallation(config, 'server', makeLogger({ name: 'server', level: config.logLevel }));
const directory = makeInventedDirectory(Number(process.env['BENCH_ACCOUNTS']));
const server = await runServer({ ...opened, codeVersion, directory });
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) / 1e6);
});
process.once('disconnect', () => {
  void server.stop().then(() => opened.close());
});
process.send?.({ port: Number(new URL(server.url).port) });
