import { Hono } from 'hono';
import type { ApiEnv } from '../api-env.ts';
import type { HolderPages, Services } from '../services.ts';
import { pageLanguages } from './page-language.ts';

/** RFC 9116 section 2.5.5 recommends less than a year; the file is made anew at each request. */
const validDays = 180;
const dayMs = 86_400_000;

/** Well-known addresses (RFC 8615). What is not configured is not there. */
export function makeWellKnownRoutes({ holderPages }: Services, now: () => Date = () => new Date()): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();

  /** W3C "A Well-Known URL for Changing Passwords": where password managers send people. */
  app.get('/change-password', (c) => {
    const { recoveryUrl } = holderPages;
    return recoveryUrl === null ? c.notFound() : c.redirect(recoveryUrl, 302);
  });

  app.get('/security.txt', (c) => {
    const contact = contactUri(holderPages.supportContact);
    return contact === null ? c.notFound() : c.text(securityText(holderPages, contact, now()));
  });

  return app;
}

/** RFC 9116; lines end with LF. Expires at the end of a day, so that the answer stays the same for a day. */
function securityText({ publicUrl }: HolderPages, contact: string, now: Date): string {
  const expires = new Date(Math.floor(now.getTime() / dayMs + validDays) * dayMs);
  return [
    `Contact: ${contact}`,
    `Expires: ${expires.toISOString().replace('.000Z', 'Z')}`,
    `Preferred-Languages: ${pageLanguages.join(', ')}`,
    `Canonical: ${new URL('/.well-known/security.txt', publicUrl).href}`,
    '',
  ].join('\n');
}

/** Contacts are URIs there. Plain words, with which a person can do something, are none. */
function contactUri(contact: string): string | null {
  if (/^[^\s@:/]+@[^\s@:/]+$/.test(contact)) return `mailto:${contact}`;
  return /^(https:|mailto:|tel:)\S+$/i.test(contact) && URL.canParse(contact) ? contact : null;
}
