import { setTimeout as delay } from 'node:timers/promises';
import type { Mailbox } from '../../src/adapters/embedded/mailbox.ts';
import { makeRandom } from '../chirp/random.ts';
import { asKept } from './observe-world.ts';

/**
 * How many readers say "this is not right": of those wrongly told 3 in 100, of those rightly told 3 in 1,000 (the rates
 * that the safety rules reckon with).
 */
export const pressRates = { wronglyTold: 0.03, rightlyTold: 0.003 } as const;

/** A press sooner than this after the mail came is taken for a mail scanner's. */
const readingMs = 6_000;
const pollMs = 200;

export interface Readers {
  readonly presses: () => number;
  stop(): Promise<void>;
}

/** People who read their mail and now and then press the one button of the page behind its only link. */
export function startReaders(options: {
  readonly mailbox: Mailbox;
  readonly serverUrl: string;
  /** Whether this address was rightly told. */
  readonly isRight: (address: string) => boolean;
  /** Rates in place of the usual ones: thieves who read the mail press more often. */
  readonly rates?: { readonly wronglyTold: number; readonly rightlyTold: number };
  readonly seed: number;
}): Readers {
  const rates = options.rates ?? pressRates;
  const random = makeRandom(options.seed, 'readers');
  const presses: { readonly at: number; readonly number: string }[] = [];
  let seen = 0;
  let pressed = 0;
  let stopped = false;

  async function loop(): Promise<void> {
    while (!stopped) {
      for (const mail of options.mailbox.all(seen)) {
        seen = Math.max(seen, mail.id);
        const [to = ''] = mail.to;
        const rate = options.isRight(asKept(to)) ? rates.rightlyTold : rates.wronglyTold;
        const number = noticeNumberIn(mail.raw.toString('latin1'));
        if (number !== null && random.next() < rate) presses.push({ at: performance.now() + readingMs, number });
      }
      while (presses[0] !== undefined && presses[0].at <= performance.now()) {
        const press = presses.shift();
        if (press !== undefined) await pressButton(options.serverUrl, press.number);
        pressed += 1;
      }
      await delay(pollMs);
    }
  }
  const running = loop();
  return {
    presses: () => pressed,
    async stop() {
      stopped = true;
      await running;
    },
  };
}

/** As a browser would: look at the page, then send its form. */
async function pressButton(serverUrl: string, number: string): Promise<void> {
  const page = await fetch(`${serverUrl}/notices/${number}`);
  await page.body?.cancel();
  const answer = await fetch(`${serverUrl}/notices/${number}/disputes`, { method: 'POST', redirect: 'manual' });
  await answer.body?.cancel();
  if (!page.ok || answer.status >= 400)
    throw new Error(`the page of a notice answered ${page.status} and ${answer.status}`);
}

function noticeNumberIn(raw: string): string | null {
  return /^X-Allclear-Notice:\s*(\S+)/im.exec(raw)?.[1] ?? null;
}
