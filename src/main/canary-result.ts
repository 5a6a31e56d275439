import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CanaryResult } from '../app/doctor/judge-canary.ts';
import type { Config } from '../config/config.ts';

const shape = z.object({
  at: z.iso.datetime(),
  directory: z.string(),
  account: z.string(),
  whole: z.boolean(),
  failed: z.number(),
  untried: z.number(),
  codeVersion: z.string(),
});

function pathOf({ home }: Pick<Config, 'home'>): string {
  return join(home, 'directory-test.result.json');
}

/** Keeps what a test of the directory found, for `doctor`: counts and the canary's id, no password. */
export async function keepCanaryResult(config: Pick<Config, 'home'>, result: CanaryResult): Promise<void> {
  await mkdir(config.home, { recursive: true, mode: 0o700 });
  const path = pathOf(config);
  await writeFile(`${path}.draft`, `${JSON.stringify(result)}\n`, { mode: 0o600 });
  await rename(`${path}.draft`, path);
}

/** Null where there was none, and where it cannot be read: then the test is to be run again in any case. */
export async function readCanaryResult(config: Pick<Config, 'home'>): Promise<CanaryResult | null> {
  try {
    return shape.parse(JSON.parse(await readFile(pathOf(config), 'utf8')));
  } catch {
    return null;
  }
}
