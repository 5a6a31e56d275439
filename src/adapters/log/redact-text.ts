export const mask = '[redacted]';

/**
 * A message of ours has some hundred characters and a stack some thousand; what is longer brought a row or a reply with it.
 * It also bounds the work: the patterns look a few hundred characters ahead at each place.
 */
const longestText = 16_384;

/** A value after a name: in quotes of either kind, escaped or not, or up to the next blank or separator. */
const valueOfName = String.raw`("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\\"[^"]*\\"|[^\s&;,"'}\\]+)`;

/** Secrets and addresses inside a text, in this order: what a later pattern needs an earlier one leaves standing. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, mask],
  // A URL's user and password: up to the last @ before a blank, since a password may hold a slash or another @.
  [/([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s@"'<>:/]{0,320}:[^\s"'<>]{0,320}@/gi, `$1${mask}@`],
  [/([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/@]{1,320}@/gi, `$1${mask}@`],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/g, `$1 ${mask}`],
  [/\b(AUTH\s+[A-Z0-9-]{4,20})\s+\S+/g, `$1 ${mask}`],
  [
    new RegExp(String.raw`((?:pass(?:word|wd|phrase)?|pwd|secret|token)(?:\\?["'])?\s*[=:]\s*)${valueOfName}`, 'gi'),
    `$1${mask}`,
  ],
  [/\bact_[0-9a-f]{16,}/gi, mask],
  // Stored hashes: modular crypt format, and salt and key in hex (better-auth).
  [/\$(?:2[abxy]?|argon2(?:id?|d)|scrypt|pbkdf2[a-z0-9-]*|[15-7PHSy])\$\S+/g, mask],
  [/\b[0-9a-f]{16,}:[0-9a-f]{64,}\b/gi, mask],
  // An address as a URL writes it.
  [/[^\s@<>()"',;:&?=]{1,320}%40[^\s@<>()"',;:&]{1,255}/gi, mask],
  // A quoted local part may hold anything.
  [/"(?:[^"\\\r\n]|\\.){1,320}"@[^\s@<>()"',;]{1,255}/g, mask],
];

/** With what stands behind it without a blank: a line of a list is an address and a password. */
const address = /([^\s@<>()[\]"',;:]{1,320})@([^\s@<>()[\]"',;:]{1,255}|\[[^\s\]]{1,64}\])([:;,|][^\s<>"']+)?/g;

/** The place of an error in a package that has a scope (`node_modules/@scope/name`). */
const scopedPackage = /node_modules\/$/;

/** Without one of these no pattern can match: most texts are a word or a sentence of ours, or the pattern of a route. */
const suspicious = /[@$=%]|pass|pwd|secret|token|[0-9a-f]{16}:|Bearer|Basic|AUTH|act_|PRIVATE KEY/i;

/** The text as it may stand in a log. Over-masks where it cannot tell: a word too few in a log costs less than an address. */
export function redactText(text: string): string {
  const whole = text.length > longestText ? `${cut(text)} [cut]` : text;
  if (!suspicious.test(whole)) return whole;
  const masked = patterns.reduce((redacted, [pattern, replacement]) => redacted.replace(pattern, replacement), whole);
  return masked.replace(address, (found: string, local: string) => (scopedPackage.test(local) ? found : mask));
}

/** Back to the last blank: half an address is not known for one any more. */
function cut(text: string): string {
  return text.slice(0, longestText).replace(/\S{0,1024}$/, '');
}
