import { simpleParser } from 'mailparser';
import { sentinels, type Meaning } from './notice-sentinels.ts';

/**
 * The independent checker of I4: reads one captured mail the way its reader does and holds it against what is really
 * true of that person. It shares no code with the renderer, the templates or the claims, on purpose.
 */
export interface PersonTruth {
  /** The one address the mail may be for. */
  readonly address: string;
  /** The language that this person must be addressed in, `en` where theirs is not offered. */
  readonly language: string;
  /** Every statement that is true of this person at the moment of sending. Any other is a false claim. */
  readonly trueMeanings: ReadonlySet<Meaning>;
  /** Statements without which the mail would be wrong: `old-password-works-no-more` in a notice, for one. */
  readonly requiredMeanings: ReadonlySet<Meaning>;
  /** Origins (`https://accounts.chirp.test`) that a link may lead to. */
  readonly linkOrigins: readonly string[];
  /** Addresses of the service that may be read in the mail. */
  readonly serviceAddresses: readonly string[];
  /** The number that this mail must carry, where the test knows it. */
  readonly noticeNumber?: string;
  /** Numbers of earlier notices that this mail may name. */
  readonly earlierNumbers?: readonly string[];
}

export type FindingCode =
  | 'unreadable'
  | 'false-claim'
  | 'missing-claim'
  | 'contradiction'
  | 'wrong-recipient'
  | 'foreign-address'
  | 'wrong-language'
  | 'bad-link'
  | 'link-count'
  | 'token'
  | 'tracking'
  | 'bad-number'
  | 'wrong-number'
  | 'text-differs-from-html'
  | 'header-missing'
  | 'active-content';

export interface Finding {
  readonly code: FindingCode;
  readonly detail: string;
}

/** Pairs of statements that cannot both be true of one person in one mail. */
const contradictions: readonly (readonly [Meaning, Meaning])[] = [
  ['our-mistake', 'notice-stands'],
  ['our-mistake', 'old-password-works-no-more'],
  ['password-works-again', 'old-password-works-no-more'],
  ['password-works-again', 'your-new-password-stays'],
  ['password-works-again', 'password-not-given-back'],
  ['being-checked', 'notice-stands'],
  ['being-checked', 'our-mistake'],
  ['earlier-notice-sent', 'earlier-notice-perhaps'],
  ['our-mistake', 'account-is-suspended'],
  ['account-open-again', 'account-is-suspended'],
  ['account-is-suspended', 'old-password-works-no-more'],
  ['account-is-suspended', 'password-works-again'],
];

/** Everything that is wrong with one mail for one person; empty means that it told the truth. */
export async function checkNotice(raw: Buffer | string, truth: PersonTruth): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const find = (code: FindingCode, detail: string): void => {
    findings.push({ code, detail });
  };
  const mail = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
  const text = mail.text ?? '';
  const html = typeof mail.html === 'string' ? mail.html : '';
  if (text === '' || html === '') return [{ code: 'unreadable', detail: 'the mail lacks a text or an HTML part' }];

  const visible = visibleText(html);
  if (words(text) !== words(visible)) find('text-differs-from-html', firstDifference(words(text), words(visible)));

  const meant = meaningsOf(`${mail.subject ?? ''}\n${text}\n${visible}`, truth.language);
  for (const meaning of meant) if (!truth.trueMeanings.has(meaning)) find('false-claim', meaning);
  for (const meaning of truth.requiredMeanings) if (!meant.has(meaning)) find('missing-claim', meaning);
  for (const [one, other] of contradictions)
    if (meant.has(one) && meant.has(other)) find('contradiction', `${one}, ${other}`);

  checkLanguage(html, `${mail.subject ?? ''} ${text}`, truth, find);
  const to = Array.isArray(mail.to) ? mail.to : mail.to === undefined ? [] : [mail.to];
  const recipients = to.flatMap((list) => list.value.map((entry) => entry.address ?? ''));
  if (recipients.length !== 1 || recipients[0] !== truth.address)
    find('wrong-recipient', `${recipients.length} recipients`);
  if (mail.cc !== undefined || mail.bcc !== undefined) find('wrong-recipient', 'a cc or bcc header');
  for (const address of `${mail.subject ?? ''} ${text} ${html}`.match(/[\w.+%-]+@[\w-]+(\.[\w-]+)+/g) ?? []) {
    if (!truth.serviceAddresses.includes(address)) find('foreign-address', 'an address that is not the service\u2019s');
  }
  checkLinks(text, html, truth, find);
  checkNumbers(text, truth, find);
  checkTokens(`${mail.subject ?? ''}\n${text}\n${html.replaceAll(/ style="[^"]*"/g, '')}`, find);
  if (/<(script|iframe|form|input|button|object|embed|link|base|style)\b/i.test(html))
    find('active-content', 'a forbidden element');
  if (/\son[a-z]+\s*=/i.test(html)) find('active-content', 'an event handler');
  if (/<(img|picture|video|audio|source)\b|url\(|background\s*=/i.test(html))
    find('tracking', 'something that is fetched');
  if (mail.attachments.length > 0) find('tracking', 'an attachment');
  for (const header of ['message-id', 'date', 'from', 'auto-submitted']) {
    if (!mail.headers.has(header)) find('header-missing', header);
  }
  return findings;
}

type Find = (code: FindingCode, detail: string) => void;

function meaningsOf(text: string, language: string): ReadonlySet<Meaning> {
  const table = sentinels[language];
  if (table === undefined) return new Set();
  const flat = words(text).toLowerCase();
  const meant = Object.entries(table).filter(([, sentences]) =>
    sentences.some((sentence) => flat.includes(words(sentence).toLowerCase())),
  );
  return new Set(meant.map(([meaning]) => meaning as Meaning));
}

/** Scripts and everyday words that only one of the four languages has; the `lang` attribute must say the same. */
const telltales: Readonly<Record<string, RegExp>> = {
  en: /\b(the|your|you|we)\b/gi,
  de: /\b(Ihr|Ihre|Sie|wir|und|nicht)\b/g,
  es: /\b(su|usted|una|que|contraseña|aviso)\b/g,
  ja: /[\u3040-\u30ff]/g,
};

function checkLanguage(html: string, text: string, truth: PersonTruth, find: Find): void {
  const declared = /<html[^>]*\blang="([^"]+)"/i.exec(html)?.[1];
  if (declared !== truth.language) find('wrong-language', `the mail says it is ${declared ?? 'of no language'}`);
  if (!/<html[^>]*\bdir="(ltr|rtl)"/i.test(html)) find('wrong-language', 'no writing direction');
  const counts = Object.entries(telltales).map(([language, pattern]) => ({
    language,
    count: (text.match(pattern) ?? []).length,
  }));
  const likeliest = counts.reduce((best, next) => (next.count > best.count ? next : best));
  if (likeliest.language !== truth.language) find('wrong-language', `it reads like ${likeliest.language}`);
}

function checkLinks(text: string, html: string, truth: PersonTruth, find: Find): void {
  const hrefs = [...html.matchAll(/\bhref\s*=\s*"([^"]*)"/gi)].map((match) => decodeEntities(match[1] ?? ''));
  const anywhere = [...text.matchAll(/[a-z][a-z0-9+.-]*:\/\/[^\s<>"]+/gi)].map((match) => match[0]);
  if (hrefs.length !== 1) find('link-count', `${hrefs.length} links in the HTML`);
  if (new Set([...hrefs, ...anywhere]).size > 1) find('link-count', 'text and HTML have different links');
  if (anywhere.length === 0) find('link-count', 'no link in the text');
  for (const link of [...hrefs, ...anywhere]) {
    const url = URL.canParse(link) ? new URL(link) : null;
    if (url === null || !truth.linkOrigins.includes(url.origin))
      find('bad-link', 'a link that leaves the service\u2019s own domain');
    else if (url.search !== '' || url.hash !== '' || url.username !== '')
      find('bad-link', 'a link with a query, fragment or user');
  }
  for (const [, href, shown] of html.matchAll(/<a\b[^>]*href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/gi)) {
    if (visibleText(shown ?? '').trim() !== decodeEntities(href ?? ''))
      find('bad-link', 'a link that shows another address than it has');
  }
}

function checkNumbers(text: string, truth: PersonTruth, find: Find): void {
  const found = new Set(text.match(/\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}-[0-9A-Z]\b/g) ?? []);
  const allowed = new Set([
    ...(truth.noticeNumber === undefined ? [] : [truth.noticeNumber]),
    ...(truth.earlierNumbers ?? []),
  ]);
  for (const number of found) {
    if (!hasValidCheck(number)) find('bad-number', 'a number whose check symbol does not fit');
    if (truth.noticeNumber !== undefined && !allowed.has(number)) find('wrong-number', 'a number of somebody else');
  }
  if (found.size === 0) find('bad-number', 'no notice number');
  if (truth.noticeNumber !== undefined && !found.has(truth.noticeNumber))
    find('wrong-number', 'its own number is not in it');
}

/** By table, where the product shifts: powers of x in GF(32) over x^5 + x^2 + 1, 31 of them before they repeat. */
const powers = [
  1, 2, 4, 8, 16, 5, 10, 20, 13, 26, 17, 7, 14, 28, 29, 31, 27, 19, 3, 6, 12, 24, 21, 15, 30, 25, 23, 11, 22, 9, 18,
];

function hasValidCheck(number: string): boolean {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const values = [...number.replaceAll('-', '')].map((symbol) => alphabet.indexOf(symbol));
  if (values.length !== 17 || values.includes(-1)) return false;
  let sum = 0;
  for (const [position, value] of values.slice(0, 16).entries()) {
    if (value !== 0) sum ^= powers[(powers.indexOf(value) + position + 1) % 31] ?? 0;
  }
  return sum === values[16];
}

/** Long runs of letters and digits mixed, or long numbers: what a code or a token looks like. Notice numbers are not. */
function checkTokens(text: string, find: Find): void {
  const rest = text
    .replaceAll(/\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}-[0-9A-Z]\b/g, ' ')
    .replaceAll(/<!doctype[^>]*>|charset=\S+/gi, ' ');
  const tokens = rest.match(/(?=[A-Za-z_-]*\d)(?=[\d_-]*[A-Za-z])[A-Za-z0-9_-]{16,}|\d{6,}|eyJ[\w-]+/g) ?? [];
  for (const _ of tokens) find('token', 'a run of characters like a code or token');
  if (/[?&;](token|code|key|sig|t)=/i.test(rest)) find('token', 'a parameter named like a token');
}

function visibleText(html: string): string {
  const body = html.replace(/[\s\S]*<body[^>]*>/i, '').replace(/<\/body>[\s\S]*/i, '');
  let item = 0;
  const spoken = body
    .replaceAll(/<ol\b[^>]*>|<\/ol>|<li\b[^>]*>/gi, (tag) => {
      item = /^<li/i.test(tag) ? item + 1 : 0;
      return item > 0 ? `\n${item}. ` : '\n';
    })
    .replaceAll(/<br\s*\/?>|<\/(p|h[1-6]|li|div)>/gi, '\n');
  return decodeEntities(spoken.replaceAll(/<[^>]*>/g, ''));
}

function decodeEntities(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&');
}

function words(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/g, ' ').trim();
}

/** Where the two part, as a position: the words themselves stay out of test output. */
function firstDifference(left: string, right: string): string {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  return `at character ${at} of ${left.length} and ${right.length}`;
}
