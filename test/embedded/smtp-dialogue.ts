import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

/**
 * Speaks SMTP by hand, so that every byte is ours: each step is written after the reply to the one before, and the
 * replies (their last lines) are returned, the greeting first.
 */
export async function smtpDialogue(port: number, steps: readonly (string | Buffer)[]): Promise<readonly string[]> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const replies: string[] = [];
  let next = 0;
  for await (const line of createInterface({ input: socket })) {
    if (line[3] === '-') continue;
    replies.push(line);
    const step = steps[next];
    if (step === undefined) break;
    next += 1;
    socket.write(step);
  }
  socket.destroy();
  return replies;
}
