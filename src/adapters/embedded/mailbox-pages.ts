import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { html, raw } from 'hono/html';
import type { SignatureVerdict, VerifyDkim } from './verify-dkim.ts';
import type { Mailbox } from './mailbox.ts';
import { parseMessage } from './mailbox-message.ts';
import type { MailboxMessage, ParsedMessage } from './mailbox-message.ts';
import { mailboxStyle } from './mailbox-style.ts';

/** Each row of a page is parsed for its subject: 100 are about 0.1 s. */
const pageSize = 100;

/** A notice has one link. More are listed for other mails, but not without end. */
const maxLinks = 20;

// Made apart from the page: a formatter that adds a space in it would void the digest.
const styleElement = raw(`<style>${mailboxStyle}</style>`);
const styleDigest = createHash('sha256').update(mailboxStyle).digest('base64');

/** Our own pages: no script at all, one style sheet, no frame but the mail's, forms only to here. */
const pagePolicy = `default-src 'none'; style-src 'sha256-${styleDigest}'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** A mail's HTML is a stranger's: no script, no forms, no network; it may only look as it was written. */
const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox";

/** A foreign page that points its own name at loopback must not read the mails (DNS rebinding). */
const defaultHosts = ['localhost', '127.0.0.1', '[::1]'];

export interface MailboxPagesOptions {
  /** Names under which a browser may ask; loopback's by default. */
  readonly hosts?: readonly string[];
  /** Tells which signatures of a mail hold, by its bytes as they came; without it nothing is said of them. */
  readonly verifyDkim?: VerifyDkim;
}

type Html = ReturnType<typeof html>;

function page(title: string, body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        ${styleElement}
      </head>
      <body>
        <header><a href="/">Mailbox</a> <small>built in; nothing here was delivered to anyone</small></header>
        <main>${body}</main>
      </body>
    </html>`;
}

function time(at: Date): Html {
  const iso = at.toISOString();
  return html`<time datetime="${iso}">${iso.replace('T', ' ').slice(0, 19)} UTC</time>`;
}

function linksIn(text: string): readonly string[] {
  return [...new Set(text.match(/https?:\/\/[^\s<>"')\]]+/g))].slice(0, maxLinks);
}

function addressedTo(message: MailboxMessage, part: string): boolean {
  const wanted = part.toLowerCase();
  return message.to.some((address) => address.toLowerCase().includes(wanted));
}

async function row(message: MailboxMessage): Promise<Html> {
  const { subject } = await parseMessage(message);
  return html`<li>
    <a href="/messages/${message.id}">
      <strong>${subject === '' ? '(no subject)' : subject}</strong>
      <span>${message.to.join(', ')}</span>
      ${time(message.arrivedAt)}
    </a>
  </li>`;
}

function olderLink(filter: string, last: MailboxMessage): Html {
  const query = new URLSearchParams({ ...(filter === '' ? {} : { to: filter }), before: String(last.id) });
  return html`<p><a href="/?${query.toString()}">Older</a></p>`;
}

async function listPage(mailbox: Mailbox, filter: string, before: number): Promise<Html> {
  const found = mailbox
    .all()
    .filter((message) => message.id < before && (filter === '' || addressedTo(message, filter)));
  const shown = found.slice(-pageSize).toReversed();
  const last = shown.at(-1);
  const dropped = mailbox.dropped();
  return page(
    filter === '' ? 'Mailbox' : `Mailbox: ${filter}`,
    html`<form method="get" action="/" role="search">
        <label for="to">To</label>
        <input id="to" name="to" type="search" value="${filter}" autocomplete="off" />
        <button type="submit">Show</button>
      </form>
      <p>${found.length} of ${mailbox.count()} mails${dropped > 0 ? `; ${dropped} older ones were dropped` : ''}</p>
      ${
        last === undefined
          ? html`<p>No mail here yet.</p>`
          : html`<ol>
              ${await Promise.all(shown.map(row))}
            </ol>`
      }
      ${last !== undefined && found.length > shown.length ? olderLink(filter, last) : ''}`,
  );
}

/** The mail as bytes decides, never what it says of itself. */
function dkimWords(verdicts: readonly SignatureVerdict[]): Html {
  if (verdicts.length === 0) return html`none: this mail is not signed`;
  return html`<ul class="dkim">
    ${verdicts.map(
      ({ result, algorithm, domain, selector, why }) =>
        html`<li>
          <strong>${result}</strong> ${algorithm}, ${domain}, key ${selector}${why === null ? '' : `: ${why}`}
        </li>`,
    )}
  </ul>`;
}

async function messagePage(message: MailboxMessage, verifyDkim: VerifyDkim | undefined): Promise<Html> {
  const mail = await parseMessage(message);
  const dkim = verifyDkim === undefined ? null : dkimWords(await verifyDkim(message.raw));
  const links = linksIn(mail.text);
  return page(
    mail.subject,
    html`<h1>${mail.subject === '' ? '(no subject)' : mail.subject}</h1>
      <dl>
        <dt>From</dt>
        <dd>${fromHeader(mail)}</dd>
        <dt>To</dt>
        <dd>${message.to.join(', ')}</dd>
        <dt>Arrived</dt>
        <dd>${time(message.arrivedAt)}</dd>
        <dt>Bounces to</dt>
        <dd>${message.from === '' ? 'nobody' : message.from}</dd>
        ${
          dkim === null
            ? ''
            : html`<dt>DKIM</dt>
                <dd>${dkim}</dd>`
        }
      </dl>
      ${
        mail.html === undefined
          ? ''
          : html`<h2>HTML</h2>
              <iframe sandbox="" src="/messages/${message.id}/html" title="The mail as HTML"></iframe>`
      }
      <h2>Text</h2>
      <pre>${mail.text}</pre>
      ${
        links.length === 0
          ? ''
          : html`<h2>Links</h2>
              <ul>
                ${links.map((link) => html`<li><a href="${link}" target="_blank" rel="noopener noreferrer">${link}</a></li>`)}
              </ul>`
      }
      <details>
        <summary>Headers</summary>
        <dl class="headers">
          ${mail.headers.map(
            ({ name, value }) =>
              html`<dt>${name}</dt>
                <dd>${value}</dd>`,
          )}
        </dl>
      </details>
      <p><a href="/messages/${message.id}/raw">As it was sent</a></p>`,
  );
}

/** What its reader sees; the envelope's sender is another, and takes the bounces. */
function fromHeader({ headers }: ParsedMessage): string {
  return headers.find(({ name }) => name.toLowerCase() === 'from')?.value ?? '(none)';
}

async function asJson(message: MailboxMessage) {
  const { id, from, to, arrivedAt, raw: bytes } = message;
  return {
    id,
    from,
    to,
    arrivedAt: arrivedAt.toISOString(),
    sizeBytes: bytes.length,
    ...(await parseMessage(message)),
  };
}

/** The mailbox's pages. They only read; mount them on an own port, bound to loopback. */
export function mailboxPages(mailbox: Mailbox, options: MailboxPagesOptions = {}): Hono {
  const hosts = new Set(options.hosts ?? defaultHosts);
  const app = new Hono();

  app.use(async (c, next) => {
    if (!hosts.has(new URL(c.req.url).hostname)) return c.text('This mailbox answers on loopback only.', 403);
    await next();
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'no-referrer');
    c.header('Cache-Control', 'no-store');
    c.header('Cross-Origin-Resource-Policy', 'same-origin');
    if (!c.res.headers.has('Content-Security-Policy')) c.header('Content-Security-Policy', pagePolicy);
    return undefined;
  });

  const find = (id: string): MailboxMessage | undefined => mailbox.message(Number(id));
  const gone = page('Not here', html`<p>There is no such mail. It may have been dropped or cleared.</p>`);

  app.get('/', async (c) => {
    const before = Number(c.req.query('before') ?? Number.POSITIVE_INFINITY);
    return c.html(await listPage(mailbox, c.req.query('to')?.trim() ?? '', before));
  });

  app.get('/messages/:id', async (c) => {
    const message = find(c.req.param('id'));
    return message === undefined ? c.html(gone, 404) : c.html(await messagePage(message, options.verifyDkim));
  });

  app.get('/messages/:id/html', async (c) => {
    const message = find(c.req.param('id'));
    const body = message === undefined ? undefined : (await parseMessage(message)).html;
    if (body === undefined) return c.html(gone, 404);
    c.header('Content-Security-Policy', mailPolicy);
    return c.html(body);
  });

  app.get('/messages/:id/raw', (c) => {
    const message = find(c.req.param('id'));
    if (message === undefined) return c.html(gone, 404);
    // As plain text a browser shows it and never runs it; the bytes are those of the wire.
    return c.body(new Uint8Array(message.raw), 200, { 'Content-Type': 'text/plain; charset=utf-8' });
  });

  /** `to` is one whole address, byte for byte; `after` an id. At most 100, oldest first: ask again after the last. */
  app.get('/api/messages', async (c) => {
    const to = c.req.query('to');
    const after = Number(c.req.query('after') ?? 0);
    const found = mailbox.all(after).filter((message) => to === undefined || message.to.includes(to));
    const messages = await Promise.all(found.slice(0, pageSize).map(asJson));
    return c.json({ messages, more: found.length > pageSize });
  });

  return app;
}
