import { setTimeout as delay } from 'node:timers/promises';
import type { World } from './world.ts';

const lookAgainMs = 2;

/** Waits until the mailbox holds so many mails. False when they had not come in time. */
export async function untilMails(world: World, count: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (world.mailbox.count() < count) {
    if (performance.now() > deadline) return false;
    await delay(lookAgainMs);
  }
  return true;
}
