import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { digests } from '../src/adapters/crypto/digests.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { signedPart } from '../src/domain/ledger/checkpoint.ts';
import { makeLossVerbs } from '../src/main/loss-verbs.ts';
import { runServer } from '../src/main/run-server.ts';
import type { RunningServer } from '../src/main/run-server.ts';
import { describeIfInstalled } from '../test/support/skip.ts';
import { chromiumCommand, desktop, openBrowser, phone } from './browser.ts';
import { makeLookOver } from './look-over.ts';
import { openWatchedWorld } from './watched-world.ts';
import type { WatchedWorld, Watcher } from './watched-world.ts';

const pageTimeoutMs = 60_000;
/** What an older copy of a database lacks: more entries than it ever had. */
const seenSeq = 5_000;

describeIfInstalled(
  chromiumCommand,
  'commits are lost, and two people see what and accept it in their browsers',
  () => {
    let watched: WatchedWorld;
    let server: RunningServer;
    let browser: Browser;
    let ann: Watcher;
    let ben: Watcher;
    const lookOver = makeLookOver();

    beforeAll(async () => {
      watched = await openWatchedWorld({ keep: 20, isServed: false, settings: { LOG_LEVEL: 'silent' } });
      const { world } = watched;
      server = await runServer(world.installation);
      browser = await openBrowser();
      const [first, second] = world.crew.approvers;
      ann = await watched.seat(browser, first, desktop);
      ben = await watched.seat(browser, second, phone);
      for (const { page } of [ann, ben]) {
        page.setDefaultTimeout(pageTimeoutMs);
        // Nobody looks while the server is away.
        await page.goto('about:blank');
      }
      await server.stop();
      // An older copy was put in the database's place: a checkpoint was signed after all that it holds.
      await appendFile(path.join(world.env['ALLCLEAR_HOME'] ?? '', 'checkpoints.ndjson'), `${lineBeyond()}\n`);
      server = await runServer(world.installation);
    });

    afterAll(async () => {
      await browser?.close();
      await server?.stop();
      await watched?.close();
    });

    function lineBeyond(): string {
      const { ledgerKey, deployment } = watched.world.installation;
      const heads = [{ chain: 'installation', seq: seenSeq, hash: 'f'.repeat(64) }];
      const part = signedPart({ deployment: deployment.deploymentId, at: new Date().toISOString(), heads });
      return digests.canonical({ ...part, signature: ledgerKey.sign(digests.canonical(part)) });
    }

    /** As whoever sits at the server's machine puts it forward. */
    async function putForward(record: string, total: number): Promise<void> {
      const { store, directory } = watched.world.installation;
      const digest = digests.sha256(record);
      await store.transact((tx) => tx.losses.propose({ record, digest, total, directory: directory.name }));
    }

    const home = async ({ page }: Watcher): Promise<void> => {
      await page.goto(watched.consoleUrl);
      await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
    };

    it('home says what is wrong and leads to what is lost, before anything was put forward', async () => {
      for (const { page } of [ann, ben]) {
        await home(page === ann.page ? ann : ben);
        await page.getByText('This database may be older than the world').waitFor();
        await page.getByRole('link', { name: 'See what is lost' }).click();
        await page.getByRole('heading', { name: 'What was lost', level: 1 }).waitFor();
        await page.getByText('allclear ledger accept-restored --yes --total N').waitFor();
        await lookOver.look(page, `a loss that was not put forward, ${page === ann.page ? 'at a desk' : 'on a phone'}`);
      }
    });

    it('a text that says more than the page shows is signed by nobody', async () => {
      const { deployment, directory } = watched.world.services.deployment;
      const said = {
        chains: [{ chain: 'rollout:1', agreedSeq: 33, seenThrough: 53, seenBy: 'journal' }],
        deployment,
        directory,
        doubts: ['the permit journal of host_2 is not here'],
        everyone: true,
        hosts: ['host_1'],
        lostLetters: [{ subject: 'plan_1', track: 'holding', people: 20 }],
        lostStarts: ['plan_2'],
        people: 110,
        tracks: [
          { subject: 'plan_1', track: 'contain', people: 60 },
          { subject: 'plan_1', track: 'tell', people: 50 },
        ],
        vouched: null,
      };
      await putForward(digests.canonical({ ...said, also: 'and every approved plan may start' }), 110);
      const { page } = ann;
      await page.getByText('110 people would become unknown').waitFor();
      await page.getByText('More may be lost: the permit journal of host_2 is not here.').waitFor();
      await lookOver.look(page, 'a loss that waits, at a desk');
      await ben.page.getByText('110 people would become unknown').waitFor();
      await lookOver.look(ben.page, 'a loss that waits, on a phone');
      await page.getByRole('button', { name: /^Approve loss_/ }).click();
      await page.getByText('its text says something that this page does not show').waitFor();
      await page.getByLabel('How many people').fill('110');
      await page.getByLabel('The directory’s name').fill(directory);
      expect(await page.getByRole('button', { name: 'Say yes with my passkey' }).isEnabled()).toBe(false);
      await page.getByRole('button', { name: 'Leave it' }).click();
      expect((await watched.world.services.showLoss()).have).toBe(0);
    });

    it('what is really lost is put forward, signed by both on their pages, accepted, and home is quiet again', async () => {
      const { world } = watched;
      const { config } = loadConfig({ env: world.env, flags: {}, cwd: world.folder });
      const verbs = makeLossVerbs(() => config);
      const request = { isEveryone: false, vouched: null, journals: [] };
      const loss = await verbs.previewLoss(request);
      const asked = await verbs.acceptLoss(request, loss.people);
      if (asked.kind !== 'waiting') throw new Error('nobody was asked');
      for (const { page } of [ann, ben]) {
        await home(page === ann.page ? ann : ben);
        await page
          .getByRole('link', { name: `Approve ${asked.loss}` })
          .first()
          .click();
        await page.getByText('5,000').waitFor();
        await page.getByRole('button', { name: `Approve ${asked.loss}` }).click();
        await page.getByText('Computed in this browser').waitFor();
        await lookOver.look(page, 'a yes to a loss');
        await page.getByLabel('How many people').fill(String(loss.people));
        await page.getByLabel('The directory’s name').fill(world.services.deployment.directory);
        await page.getByRole('button', { name: 'Say yes with my passkey' }).click();
        await page.getByText('Your yes is recorded.').waitFor();
        await page.getByRole('button', { name: 'Close' }).click();
        if (page === ann.page) await page.getByText('You have; somebody else has to as well.').waitFor();
      }
      for (const { page } of [ann, ben]) {
        await page.getByText(`allclear ledger accept-restored --yes --total ${loss.people}`, { exact: true }).waitFor();
        expect(await page.getByRole('button', { name: /^Approve loss_/ }).count()).toBe(0);
      }
      await lookOver.look(ann.page, 'a loss that two signed');
      expect((await verbs.acceptLoss(request, loss.people)).kind).toBe('accepted');
      await ann.page.getByText('Nothing is known to be lost').waitFor();
      await lookOver.look(ann.page, 'no loss');
      await home(ann);
      await ann.page.getByText('What is wrong').waitFor();
      expect(await ann.page.getByText('older than the world').count()).toBe(0);
      expect((await world.services.verifyLedger()).whole).toBe(true);
    });

    it('nothing stood in a reader’s way, and no page complained', () => {
      expect(lookOver.findings()).toEqual([]);
      expect(lookOver.places().length).toBeGreaterThan(5);
      expect([...ann.errors, ...ben.errors]).toEqual([]);
    });
  },
);
