import { createSecretKey } from 'node:crypto';
import { messageIdFor } from '../adapters/mail/message-id.ts';
import { makeReturnPath, readReturnPath } from '../adapters/mail/return-path.ts';
import type { ReturnPathSettings } from '../adapters/mail/return-path.ts';
import type { KeyRing } from '../adapters/seal/key-ring.ts';
import type { MailIdentity } from '../app/notice/send-permit.ts';
import { Failure } from '../domain/shared/failure.ts';

export interface MailIdentityInput {
  /** As in a From header: `Name <address>`, or an address alone. */
  readonly mailFrom: string;
  readonly publicUrl: string;
  readonly deployment: string;
  readonly keys: KeyRing;
  /** Where bounces go; null is the domain of `mailFrom`. */
  readonly returnPathDomain: string | null;
  /** Headers by which a provider's events name the notice, where one wants its own. */
  readonly noticeHeaders?: MailIdentity['noticeHeaders'];
}

/** How return paths of this installation are made and read back. */
export function returnPathSettings(
  input: Pick<MailIdentityInput, 'mailFrom' | 'returnPathDomain' | 'keys'>,
): ReturnPathSettings {
  const domain = input.returnPathDomain ?? domainOf(senderOf(input.mailFrom).address);
  return { key: createSecretKey(input.keys.derive('return-path')), mailbox: 'bounces', domain };
}

/** What every mail of this installation says of itself: sender, return path, message id and its one link. */
export function makeMailIdentity(input: MailIdentityInput): MailIdentity {
  const { mailFrom, publicUrl, deployment, keys } = input;
  const from = senderOf(mailFrom);
  const domain = domainOf(from.address);
  const returnPath = returnPathSettings(input);
  refuseUnreadable(returnPath);
  const checkUrls = checkUrlOf(publicUrl, '');
  const key = createSecretKey(keys.derive('notice-number'));
  return {
    from,
    noticeHeaders: input.noticeHeaders ?? [],
    returnPath: (noticeNumber) => makeReturnPath(returnPath, referenceOf(noticeNumber)),
    messageId: (plan, member) =>
      messageIdFor({ key, deployment, plan, accountId: member.accountId, kind: member.templateKind }, domain),
    // A number holds nothing that a URL would write in another way.
    checkUrl: (noticeNumber) => checkUrls + noticeNumber,
  };
}

/** The one link of a mail. The page that checks a notice shows the same. */
export function checkUrlOf(publicUrl: string, noticeNumber: string): string {
  return new URL(`/notices/${noticeNumber}`, publicUrl).href;
}

/** A return path that does not read back as ours would lose every bounce: found out at start, not by silence. */
function refuseUnreadable(settings: ReturnPathSettings): void {
  const probe = 'start-probe';
  const read = readReturnPath(settings, makeReturnPath(settings, probe));
  if (read.kind === 'genuine' && read.reference === probe) return;
  throw new Failure(
    'usage',
    'Bounces to the domain of MAIL_FROM could not be told from forged ones. Use a plain domain name there.',
  );
}

/** The sixteen symbols that carry the number; the check character may be one that an address cannot hold. */
function referenceOf(noticeNumber: string): string {
  return noticeNumber.replaceAll('-', '').slice(0, 16).toLowerCase();
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** `Failure('usage')` where MAIL_FROM holds no address. */
export function senderOf(mailFrom: string): { readonly name: string; readonly address: string } {
  const match = /^(?:(.*?)\s*<([^<>\s]+@[^<>\s]+)>|([^<>\s]+@[^<>\s]+))$/.exec(mailFrom.trim());
  const address = match?.[2] ?? match?.[3];
  if (address === undefined)
    throw new Failure('usage', 'MAIL_FROM is not an address. Write it as: Name <security@example.com>');
  return { name: (match?.[1] ?? '').replaceAll('"', ''), address };
}
