import type { Language } from '../languages.ts';
import type { Random } from '../random.ts';
import type { NamePart } from './names.ts';

/** All reserved for documentation (RFC 2606, RFC 6761): a mail that escapes reaches nobody. */
const sharedDomains = ['example.com', 'example.com', 'example.com', 'example.org', 'example.net', 'mail.example'];

const ownDomains: Readonly<Record<Language, readonly string[]>> = {
  en: ['post.example', 'inbox.example'],
  de: ['briefkasten.example', 'xn--mnchen-3ya.example'],
  es: ['correo.example', 'xn--espaa-rta.example'],
  ja: ['yubin.example', 'xn--wgv71a.example'],
};

/** Every domain that an address of the population can have. */
export const populationDomains: readonly string[] = [
  ...new Set([...sharedDomains, ...Object.values(ownDomains).flat()]),
];

const tags = ['chirp', 'news', 'shop', 'web', 'spam'];
const ownDomainShare = 0.3;

/**
 * An address as its holder typed it at sign-up, before better-auth lower-cases it. Never with `_`: noise of generated
 * lists has one in every local part, and so can never hit an account by chance.
 */
export function makeAddress(random: Random, language: Language, given: NamePart, family: NamePart): string {
  const domain = random.chance(ownDomainShare) ? random.pick(ownDomains[language]) : random.pick(sharedDomains);
  const forms = [
    () => `${given.ascii}.${family.ascii}`,
    () => `${given.ascii}.${family.ascii}`,
    () => `${given.ascii}${family.ascii}`,
    () => `${given.ascii.slice(0, 1)}.${family.ascii}`,
    () => `${family.ascii}-${given.ascii}`,
    () => `${given.ascii}${family.ascii}${String(50 + random.below(50))}`,
    () => `${given.ascii}.${family.ascii}+${random.pick(tags)}`,
    () => `${given.ascii.slice(0, 1)}.${given.ascii.slice(1, 2)}.${family.ascii}`,
  ];
  return `${random.pick(forms)()}@${domain}`;
}

/** An internationalised address (RFC 6531). better-auth's form refuses it, so only a foreign sign-in can have brought it. */
export function makeInternationalAddress(given: NamePart, family: NamePart): string {
  return `${given.shown}.${family.shown}@münchen.example`;
}

/** The same address with a number before its `@`, for the second person of a name. */
export function numberedAddress(address: string, number: number): string {
  const at = address.lastIndexOf('@');
  const plus = address.indexOf('+');
  const end = plus === -1 || plus > at ? at : plus;
  return `${address.slice(0, end)}${number}${address.slice(end)}`;
}
