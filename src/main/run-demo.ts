import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Failure } from '../domain/shared/failure.ts';

/** A process of its own: what it replays lives beside the product, with a database and a mailbox that go away with it. */
const entry = fileURLToPath(new URL('../../examples/scenarios/main.ts', import.meta.url));

/** Tells each line of the replay as it comes; the last line is one JSON object, which is the result. */
export async function runDemo(
  scenario: string,
  tell: (line: string) => void,
): Promise<Readonly<Record<string, unknown>>> {
  if (!existsSync(entry))
    throw new Failure('local-only', 'The demos are not part of this installation; clone the repository to have them.');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, scenario], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  let result: Readonly<Record<string, unknown>> | null = null;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{')) result = JSON.parse(line) as Record<string, unknown>;
    else tell(line);
  }
  const code = await ended;
  if (result === null)
    throw new Failure('internal', `The demo ended with ${code} and counted nothing. Its last lines say why.`);
  return { ...result, ok: code === 0 };
}
