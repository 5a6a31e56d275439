import { readFile } from 'node:fs/promises';

/** Where Chirp asks whether a new password is one that was taken out of use. */
export type PasswordCheck = { readonly url: string } & ({ readonly token: string } | { readonly tokenFile: string });

export type PasswordVerdict = 'allowed' | 'refused' | 'unknown';

/** A person waits at the form: longer than this is no answer. */
const answerTimeoutMs = 3_000;

/**
 * Asks Allclear whether this account may take this password. Every failure (unreachable, slow, refused, unreadable) is
 * `unknown`; what follows from that is the caller's to say. Neither the password nor the token ever gets into a message.
 */
export async function askPasswordCheck(
  check: PasswordCheck,
  accountId: string,
  password: string,
): Promise<PasswordVerdict> {
  try {
    // Read each time: the token can be replaced without a restart.
    const token = 'token' in check ? check.token : (await readFile(check.tokenFile, 'utf8')).trim();
    const response = await fetch(check.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ accountId, password }),
      redirect: 'error',
      signal: AbortSignal.timeout(answerTimeoutMs),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return 'unknown';
    }
    const answer: unknown = await response.json();
    if (typeof answer !== 'object' || answer === null || !('allowed' in answer)) return 'unknown';
    if (answer.allowed === true) return 'allowed';
    return answer.allowed === false ? 'refused' : 'unknown';
  } catch {
    return 'unknown';
  }
}
