import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { digests } from '../src/adapters/crypto/digests.ts';
import { mailboxPages } from '../src/adapters/embedded/mailbox-pages.ts';
import { freePort } from '../examples/scenarios/free-port.ts';
import type { SigningPerson } from '../examples/scenarios/people.ts';
import { openWorld } from '../examples/scenarios/world.ts';
import type { World, WorldOptions } from '../examples/scenarios/world.ts';
import { ensureConsole } from '../scripts/build-console.js';
import { joinBy, openPerson } from './browser.ts';

const root = path.resolve(import.meta.dirname, '..');
const linkRequestMs = 60_000;

/** A person at their own browser. `errors`: what any of their pages complained of. */
export interface Watcher {
  readonly page: Page;
  readonly errors: readonly string[];
}

/** A world of a scenario, small, with its console, its pages and its mailbox where a browser reaches them. */
export interface WatchedWorld {
  readonly world: World;
  readonly consoleUrl: string;
  readonly mailboxUrl: string;
  /** An operator who has just made a passkey, on the first page of the console. */
  seat(browser: Browser, person: SigningPerson, options: BrowserContextOptions): Promise<Watcher>;
  close(): Promise<void>;
}

/** Links in notices have to lead to this very server, so its port is chosen before it listens. */
export async function openWatchedWorld(options: WorldOptions): Promise<WatchedWorld> {
  const said: string[] = [];
  if ((await ensureConsole(root, (line) => void said.push(line))) === 'failed') throw new Error(said.join('\n'));
  const port = await freePort();
  const settings = { PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}`, ...options.settings };
  const world = await openWorld({ ...options, settings });
  const mailbox = serve({ fetch: mailboxPages(world.mailbox).fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise<void>((resolve) => mailbox.once('listening', resolve));
  const { port: mailboxPort } = mailbox.address() as AddressInfo;
  const consoleUrl = `${world.services.consoleOrigin}/console`;
  return {
    world,
    consoleUrl,
    mailboxUrl: `http://127.0.0.1:${mailboxPort}`,
    async seat(browser, { id, key }, contextOptions) {
      const person = await openPerson(browser, contextOptions);
      const request = digests.canonical({
        deployment: world.services.deployment.deployment,
        operator: id,
        purpose: 'passkey',
        nonce: randomBytes(16).toString('hex'),
        expiry: new Date(Date.now() + linkRequestMs).toISOString(),
      });
      const { code } = await world.services.makeLink(request, key.sign(request));
      await joinBy(person.page, `${consoleUrl}/join#${code}`);
      return person;
    },
    async close() {
      mailbox.close();
      await world.close();
    },
  };
}
