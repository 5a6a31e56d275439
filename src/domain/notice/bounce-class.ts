/**
 * What a refusal or a bounce is about. `address`: nobody is reached there, now or later. `mailbox`: full or closed for a
 * while. `policy`: our mail or our standing, not this address. `transient`: the way there failed for too long.
 * `unclear`: no status that says.
 */
export const bounceClasses = ['address', 'mailbox', 'policy', 'transient', 'unclear'] as const;

export type BounceClass = (typeof bounceClasses)[number];

/** RFC 3463: class, subject, detail. A code of three digits with a meaning that is not its own is kept out by the bounds. */
const statusForm = /^[245]\.(?:0|[1-9][0-9]{0,2})\.(?:0|[1-9][0-9]{0,2})$/;

export function isEnhancedStatus(text: string): boolean {
  return statusForm.test(text);
}

/** Details of X.1.Z that speak of the sender's address (RFC 3463 section 3.2), and are no word about the recipient's. */
const senderDetails: readonly string[] = ['7', '8'];

/**
 * Reads RFC 3463's subject and detail, with RFC 7505 (X.1.10, a domain that takes no mail). A 4.X.X in a final report
 * says that somebody gave up on a passing failure. Null or malformed: `unclear`.
 */
export function bounceClassOf(status: string | null): BounceClass {
  if (status === null || !isEnhancedStatus(status)) return 'unclear';
  const [first, subject = '', detail = ''] = status.split('.');
  if (subject === '7' || subject === '6') return 'policy';
  if (first === '4') return subject === '2' && detail === '2' ? 'mailbox' : 'transient';
  if (subject === '1') return senderDetails.includes(detail) ? 'policy' : 'address';
  if (subject === '2') return detail === '1' ? 'address' : 'mailbox';
  if (subject === '4') return detail === '4' ? 'address' : 'transient';
  return subject === '3' || subject === '5' ? 'policy' : 'unclear';
}

/**
 * What a refusal in the SMTP dialogue is about. Without an enhanced status the code speaks only where RFC 5321 section
 * 4.2.3 gives it a meaning of its own, in answer to the recipient.
 */
export function refusalClassOf(code: number, enhanced: string | null, isOfRecipient: boolean): BounceClass {
  if (enhanced !== null) return bounceClassOf(enhanced);
  if (!isOfRecipient) return 'unclear';
  if (code === 550 || code === 551 || code === 553 || code === 556) return 'address';
  return code === 552 ? 'mailbox' : 'unclear';
}

/** X.7.Z that speak of the mailbox all the same: it, or its domain, is somebody else's now (RFC 7293 section 11). */
const ownerDetails: readonly string[] = ['17', '18'];
/** As servers without an enhanced status say that they do not carry our mail on. */
const relayDenied =
  /\brelay(?:ing|ed)?\b[^.;]*\b(?:denied|not|prohibited|refused|forbidden|disallowed|rejected)\b|\b(?:not|cannot|unable to|won't|don't|can't)\b[^.;]*\brelay/i;

/**
 * Whether a 5xx in the dialogue, before the dot, is about us (our address, our host, what we may do here) and no word about
 * the recipient to whose RCPT it was the answer: security or policy, X.7.Z (RFC 3463 section 3.8), the sender's address,
 * X.1.7 and X.1.8 (section 3.2). RFC 5321 section 4.2.3 gives 550 for policy as well as for a mailbox: without a status
 * only the words about relaying are believed. `reply`: the text, without the recipient's address.
 */
export function isAboutSender({
  code,
  enhanced,
  reply,
}: {
  readonly code: number;
  readonly enhanced?: string | undefined;
  readonly reply: string;
}): boolean {
  if (code < 500) return false;
  if (enhanced === undefined || !isEnhancedStatus(enhanced)) return relayDenied.test(reply);
  const [, subject = '', detail = ''] = enhanced.split('.');
  if (subject === '7') return !ownerDetails.includes(detail);
  return subject === '1' && senderDetails.includes(detail);
}

/** Whether it counts against the list of addresses that a plan was drawn up from. A full mailbox or a blocked sender does not. */
export function isAboutAddress(bounce: BounceClass): boolean {
  return bounce === 'address' || bounce === 'unclear';
}

/** Whether ordinary notices stop going there: only what will not mend by itself. */
export function isSuppressing(bounce: BounceClass): boolean {
  return bounce === 'address';
}
