import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import type { HostClock } from '../../app/ports/rate-store.ts';

/**
 * CLOCK_MONOTONIC, which all processes of one boot of one Linux share, and no one sets. A time namespace moves it for those
 * inside, so that it is part of the name. Where nothing names the boot, each process is a boot of its own.
 */
export function makeHostClock(): HostClock {
  const monotonicMs = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000;
  return { bootId: readBootId(), monotonicMs, wallMs: makeSteadyWall(() => Date.now(), monotonicMs) };
}

/**
 * The clock on the wall as it was when this was made, and since then by the other: whatever it was set to meanwhile, ahead or
 * back, a process knows how long it has been running.
 */
export function makeSteadyWall(wallMs: () => number, monotonicMs: () => number): () => number {
  const beganAtMs = wallMs() - monotonicMs();
  return () => beganAtMs + monotonicMs();
}

function readBootId(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/time')}`;
  } catch {
    return `process ${randomBytes(8).toString('hex')}`;
  }
}
