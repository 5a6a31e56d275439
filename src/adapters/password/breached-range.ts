import { createHash } from 'node:crypto';

/** True: it stands in a list of leaked passwords. Null: nobody could be asked. */
export type FindBreached = (password: string) => Promise<boolean | null>;

/** A person waits at the form. */
const answerTimeoutMs = 2_000;
/** A range has some thousand lines of 40 characters. */
const answerBytesMax = 512 * 1_024;
const prefixLength = 5;

/**
 * Asks a server that keeps leaked passwords by their SHA-1 in ranges: the first five hex digits go out, and of some
 * thousand suffixes that come back ours is looked for here. The server learns neither the password nor its digest. `url`
 * ends where the five digits follow. Each failure is told to `warn`, and the answer is null.
 */
export function makeBreachedRange(url: string, warn: (words: string) => void): FindBreached {
  return async (password) => {
    const digest = createHash('sha1').update(password, 'utf8').digest('hex').toUpperCase();
    try {
      const answer = await fetch(`${url}${digest.slice(0, prefixLength)}`, {
        // Padding hides by its size which range was asked for; padded lines have a count of 0.
        headers: { 'Add-Padding': 'true' },
        redirect: 'error',
        signal: AbortSignal.timeout(answerTimeoutMs),
      });
      if (!answer.ok || answer.body === null) {
        await answer.body?.cancel();
        throw new Error(`it answered ${answer.status}`);
      }
      let text = '';
      const decoder = new TextDecoder();
      for await (const chunk of answer.body) {
        text += decoder.decode(chunk, { stream: true });
        if (text.length > answerBytesMax) throw new Error('it answered more than a range has');
      }
      const suffix = digest.slice(prefixLength);
      return text.split('\n').some((line) => {
        const [found, count] = line.trim().split(':');
        return found?.toUpperCase() === suffix && Number(count) > 0;
      });
    } catch {
      warn('the list of leaked passwords could not be asked; what is known here decided alone');
      return null;
    }
  };
}
