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

/** That nobody is signed in yet, may sign in so, is known by that name, or that no loss waits any more, is an answer, which the browser calls an error. */
function isAnswer(message: ConsoleMessage): boolean {
  const { pathname } = new URL(message.location().url, 'http://localhost');
  const isRefused = /status of 401/.test(message.text()) && /\/(sessions\/current|sign-in)$/.test(pathname);
  return isRefused || (/status of 404/.test(message.text()) && /\/(explanations|losses\/waiting)$/.test(pathname));
}

/** By the one-time link that the terminal printed, to the first page. */
export async function joinBy(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('A name for this passkey').fill('a key of the test');
  await page.getByRole('button', { name: 'Make the passkey' }).click();
  await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
}

/** Such a frame answers no script at all, and one that is asked in it waits for ever. */
const scriptlessFrame = 'iframe[sandbox=""]';
/** A mail is small; what takes longer than this is not going to be checked. */
const framedTimeoutMs = 30_000;

/** What axe finds serious or critical on the page as it stands and in the mails that it shows in frames, with the place. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).exclude(scriptlessFrame).analyze();
  return [...seriousOf(violations), ...(await framedFindings(page))];
}

/** What can be pressed and is smaller than 24 px without room around it (WCAG 2.2, 2.5.8). */
export async function smallTargets(page: Page): Promise<readonly string[]> {
  const axe = new AxeBuilder({ page }).withRules(['target-size']).exclude(scriptlessFrame);
  const { violations } = await axe.analyze();
  return violations.flatMap(({ nodes }) => nodes.map(({ target }) => target.join(' ')));
}

/** What stands in frames without scripts, each opened as a page of its own, as wide as its frame, where axe can look at it. */
async function framedFindings(page: Page): Promise<readonly string[]> {
  const frames = await page.locator(scriptlessFrame).evaluateAll((all) =>
    all.map((frame) => ({
      src: (frame as HTMLIFrameElement).src,
      width: Math.max(200, Math.round(frame.getBoundingClientRect().width)),
    })),
  );
  const found: string[] = [];
  for (const { src, width } of frames) {
    const answer = await page.request.get(src, { timeout: framedTimeoutMs });
    const alone = await page.context().newPage();
    try {
      // A mail sets no colour, so that its reader's theme decides; a background that nobody set is white to axe.
      await alone.emulateMedia({ colorScheme: 'light' });
      await alone.setViewportSize({ width, height: 800 });
      await alone.setContent(await answer.text(), { timeout: framedTimeoutMs });
      const { violations } = await within(framedTimeoutMs, new AxeBuilder({ page: alone }).analyze());
      found.push(...seriousOf(violations).map((finding) => `in a frame, ${finding}`));
    } finally {
      await alone.close();
    }
  }
  return found;
}

type Violations = Awaited<ReturnType<AxeBuilder['analyze']>>['violations'];

function seriousOf(violations: Violations): readonly string[] {
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error(`a page in a frame was not checked within ${ms} ms`)), ms);
  });
  return Promise.race([work, tooLate]).finally(() => clearTimeout(late));
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
