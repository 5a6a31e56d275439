import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, ConsoleMessage, Locator, Page } from 'playwright-core';

export const chromiumCommand = 'chromium';
/** Where Debian puts it. */
const chromiumPath = '/usr/bin/chromium';

export const desktop: BrowserContextOptions = { viewport: { width: 1_280, height: 900 } };
export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  colorScheme: 'dark',
  reducedMotion: 'reduce',
};

/** It asks no host but ours, and has a new profile each time. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A browser of one person, with a passkey of its own that is always touched. `errors`: what the page complained of. */
export async function openPerson(
  browser: Browser,
  options: BrowserContextOptions,
): Promise<{ readonly page: Page; readonly errors: readonly string[] }> {
  const context = await browser.newContext(options);
  const errors: string[] = [];
  // Of every page of this person: a link in the mailbox opens one of its own.
  context.on('weberror', (problem) => errors.push(problem.error().message));
  context.on('console', (message) => {
    if (message.type() === 'error' && !isAnswer(message)) errors.push(`${message.location().url}: ${message.text()}`);
  });
  const page = await context.newPage();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { page, errors };
}

/** That nobody is signed in yet, may sign in so, or is known by that name is an answer, which the browser calls an error. */
function isAnswer(message: ConsoleMessage): boolean {
  const { pathname } = new URL(message.location().url, 'http://localhost');
  return (
    (/status of 401/.test(message.text()) && /\/(sessions\/current|sign-in)$/.test(pathname)) ||
    (/status of 404/.test(message.text()) && pathname.endsWith('/explanations'))
  );
}

/** By the one-time link that the terminal printed, to the first page. */
export async function joinBy(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('A name for this passkey').fill('a key of the test');
  await page.getByRole('button', { name: 'Make the passkey' }).click();
  await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
}

/** What axe finds serious or critical on the page as it stands, with the place. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

/** What can be pressed and is smaller than 24 px without room around it (WCAG 2.2, 2.5.8). */
export async function smallTargets(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).withRules(['target-size']).analyze();
  return violations.flatMap(({ nodes }) => nodes.map(({ target }) => target.join(' ')));
}

/** Presses Tab `times` times: what is reached, as its place in the document, and whether it shows that it is. */
export async function tabThrough(
  page: Page,
  times: number,
): Promise<readonly { readonly place: number; readonly words: string; readonly isShown: boolean }[]> {
  const reached = [];
  for (let at = 0; at < times; at += 1) {
    await page.keyboard.press('Tab');
    reached.push(
      await page.evaluate(() => {
        const focused = document.activeElement ?? document.body;
        const { outlineStyle, boxShadow } = getComputedStyle(focused);
        return {
          place: [...document.querySelectorAll('*')].indexOf(focused),
          words: (focused.getAttribute('aria-label') ?? focused.textContent ?? '').slice(0, 40),
          isShown: outlineStyle !== 'none' || boxShadow !== 'none',
        };
      }),
    );
  }
  return reached;
}

/** How far the page is wider than its window; 0 where nobody has to scroll sideways. */
export function widthBeyond(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

/** A file of this machine dragged onto a place of the page and let go there, as a hand with a mouse does it. */
export async function dropFile(page: Page, place: Locator, file: string): Promise<void> {
  const box = await place.boundingBox();
  if (box === null) throw new Error('There is nothing to drop a file on.');
  const devtools = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const data = { items: [], files: [file], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await devtools.send('Input.dispatchDragEvent', { type, ...at, data });
  await devtools.detach();
}
