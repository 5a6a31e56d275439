import { domainToASCII, domainToUnicode } from 'node:url';
import pg from 'pg';
import type { MailboxMessage } from '../../src/adapters/embedded/mailbox-message.ts';
import type { Mailbox } from '../../src/adapters/embedded/mailbox.ts';
import { passwordOf } from '../chirp/population/ground-truth.ts';
import type { Person } from '../chirp/population/ground-truth.ts';
import { makeChirpClient } from './chirp-client.ts';

/** The stored credential of every account, as Chirp's own database has it. */
export async function readCredentials(chirpDatabase: string): Promise<ReadonlyMap<string, string | null>> {
  const client = new pg.Client({ connectionString: chirpDatabase });
  await client.connect();
  try {
    const { rows } = await client.query<{ userId: string; password: string | null }>(
      `SELECT "userId", password FROM account WHERE "providerId" = 'credential'`,
    );
    return new Map(rows.map((row) => [row.userId, row.password]));
  } finally {
    await client.end();
  }
}

/** Live sessions per account, as Chirp's own database has them. */
export async function readSessions(chirpDatabase: string): Promise<ReadonlyMap<string, number>> {
  const client = new pg.Client({ connectionString: chirpDatabase });
  await client.connect();
  try {
    const { rows } = await client.query<{ userId: string; count: string }>(
      'SELECT "userId", count(*) FROM session WHERE "expiresAt" > now() GROUP BY "userId"',
    );
    return new Map(rows.map((row) => [row.userId, Number(row.count)]));
  } finally {
    await client.end();
  }
}

/** Whether the person's own password from the ground truth opens the account now, by Chirp's real sign-in. */
export async function canSignIn(chirpUrl: string, person: Person): Promise<boolean> {
  const password = passwordOf(person);
  if (password === null) throw new Error(`${person.accountId} has no password to try`);
  const answer = await makeChirpClient(chirpUrl).signIn(person.address, password);
  await answer.body?.cancel();
  if (answer.status !== 200 && answer.status !== 401) throw new Error(`Chirp answered a sign-in with ${answer.status}`);
  return answer.status === 200;
}

/** Mails that came for an address; the mailbox shows international domains in Unicode, directories keep them in ASCII. */
export function mailsTo(mailbox: Mailbox, address: string): readonly MailboxMessage[] {
  return mailbox.messagesTo(asShown(address));
}

/** An address as mail readers show it. */
export function asShown(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}@${domainToUnicode(address.slice(at + 1))}`;
}

/** The address as a directory keeps it, from an envelope as the mailbox shows it. */
export function asKept(shown: string): string {
  const at = shown.lastIndexOf('@');
  return `${shown.slice(0, at)}@${domainToASCII(shown.slice(at + 1))}`;
}

/** Kinds of the Allclear mails that lie in a person's mailbox, in the order in which they came. */
export function mailKindsOf(mailbox: Mailbox, address: string): readonly string[] {
  return mailsTo(mailbox, address).map((mail) => kindOf(mail.raw.toString('latin1')));
}

/** The same for everybody at once, by the address as mail readers show it: one look at each mail. */
export function mailKindsByAddress(mailbox: Mailbox): ReadonlyMap<string, readonly string[]> {
  const kinds = new Map<string, string[]>();
  for (const mail of mailbox.all()) {
    const kind = kindOf(mail.raw.toString('latin1'));
    for (const to of mail.to) kinds.set(to, [...(kinds.get(to) ?? []), kind]);
  }
  return kinds;
}

/** Read off the mail itself: our `Feedback-ID` names the plan and the kind of letter. */
function kindOf(raw: string): string {
  return /^Feedback-ID:\s*\S+?:([a-z]+):allclear/im.exec(raw)?.[1] ?? 'other';
}
