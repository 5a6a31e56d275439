import type { KeyRecord } from '../../adapters/mail/dkim/key-record.ts';
import { inspectSender } from '../../adapters/mail/inspect-sender.ts';
import type { SenderFacts } from '../../adapters/mail/inspect-sender.ts';
import type { LookUp, Resolve } from '../../adapters/mail/look-up.ts';
import { isLoopback } from '../../adapters/mail/smtp/smtp-server.ts';
import type { CheckFinding } from '../../app/doctor/finding.ts';
import { doubtful, failing, sound } from '../../app/doctor/finding.ts';
import type { Config } from '../../config/config.ts';
import { senderOf } from '../mail-identity.ts';
import { openDkim } from '../open-dkim.ts';

/** Whether receivers can tell a mail of ours from a false one, as far as the DNS says it from here. */
export async function checkSender(config: Config, resolve: Resolve): Promise<readonly CheckFinding[]> {
  // Opened in the sample too: keys that cannot be read stop server and workers.
  const dkim = await openDkim(config);
  const { address } = senderOf(config.mailFrom);
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  if (config.environment === 'sample')
    return [sound('sender', `${domain}: the sample mails nobody, and was not looked up`)];
  // Else whoever only tries it out on a copy is told to publish records before anything can leave at all.
  if (config.smtpUrl === null)
    return [
      sound('sender', `${domain}: without SMTP_URL nothing leaves the built-in mailbox, and it was not looked up`),
    ];
  const host = new URL(config.smtpUrl).hostname;
  const mailHost = isLoopback(host.replaceAll(/^\[|\]$/g, '')) ? null : host;
  return judgeSender(domain, dkim?.domain ?? null, await inspectSender({ domain, dkim, mailHost }, resolve));
}

/** A name that nobody answered for is no fault of the record: a firewall often stands before a server's resolver. */
export function judgeSender(domain: string, signer: string | null, facts: SenderFacts): readonly CheckFinding[] {
  return [
    ...(signer === null ? [unsigned] : facts.keys.map(({ record, published }) => judgeKey(record, published))),
    judgeSpf(domain, facts),
    judgeDmarc(domain, signer, facts.dmarc),
    judgeReturnPath(domain, facts),
  ];
}

const unsigned = doubtful(
  'DKIM',
  'ALLCLEAR_DKIM_DOMAIN is not set: mails leave unsigned',
  'Set it and run: allclear mail keys. Leave it where your provider signs in the name of MAIL_FROM. See docs/recipes/mail.md.',
);

function judgeKey(record: KeyRecord, published: LookUp): CheckFinding {
  const check = `DKIM ${record.name}`;
  const publish = `Publish: ${record.zoneLine}`;
  if (published.kind === 'away') return notSeen(check, published.why, publish);
  if (published.kind === 'none')
    return failing(check, 'no such record: receivers cannot verify our signature', publish);
  const [value = '', ...others] = published.values;
  if (others.length > 0)
    return failing(check, `${published.values.length} records under one name: receivers take any`, publish);
  const [tags, ours] = [tagsOf(value), tagsOf(record.value)];
  if (tags.get('p') === '') return failing(check, 'the key is revoked there (p= is empty)', publish);
  if (tags.get('p') !== ours.get('p') || (tags.get('k') ?? 'rsa') !== ours.get('k'))
    return failing(check, 'another key than ours stands there: every signature fails', publish);
  if (tags.get('t')?.split(':').includes('y') === true)
    return doubtful(check, 'our key, marked as a test (t=y): receivers may ignore it', publish);
  return sound(check, 'published, and it is our key');
}

/** RFC 6376 3.2; blanks inside a key are a matter of folding. */
function tagsOf(value: string): ReadonlyMap<string, string> {
  return new Map(
    value.split(';').map((part) => {
      const [name = '', ...rest] = part.split('=');
      return [name.trim(), rest.join('=').replaceAll(/\s/g, '')];
    }),
  );
}

function judgeSpf(domain: string, { spf, spfOfHost }: SenderFacts): CheckFinding {
  const check = `SPF ${domain}`;
  const mend = `Publish one TXT record under ${domain} that names what your mail leaves by, as your provider says: v=spf1 include:... -all`;
  if (spf.kind === 'away') return notSeen(check, spf.why, mend);
  if (spf.kind === 'none')
    return failing(check, 'no record: receivers cannot tell our mail server from any other', mend);
  const [value = '', ...others] = spf.values;
  if (others.length > 0) return failing(check, `${spf.values.length} records, where receivers take none but one`, mend);
  const terms = value.toLowerCase().split(/\s+/).slice(1);
  if (terms.includes('+all') || terms.includes('all')) return failing(check, `${value}: it lets everyone send`, mend);
  const names = terms.some(
    (term) => /^\+?(?:include|ip4|ip6|a|mx|exists)(?:[:/]|$)/.test(term) || term.startsWith('redirect='),
  );
  if (!names) return failing(check, `${value}: it lets nobody send`, mend);
  if (spfOfHost === 'permerror') return failing(check, `${value}: receivers cannot evaluate it`, mend);
  if (spfOfHost === 'pass') return sound(check, `${value}, which covers the mail server's own address`);
  if (spfOfHost === null || spfOfHost === 'temperror')
    return sound(check, `${value}; which addresses mail leaves by is not to be seen from here`);
  return doubtful(
    check,
    `${value}: ${spfOfHost} for the mail server's own address`,
    'Where it sends by that address, name it in the record. Where it hands on to others, compare theirs.',
  );
}

function judgeDmarc(domain: string, signer: string | null, dmarc: SenderFacts['dmarc']): CheckFinding {
  const check = `DMARC ${domain}`;
  const mend = `Publish a TXT record under _dmarc.${domain}: v=DMARC1; p=none; rua=mailto:... and read its reports before you raise p.`;
  if (dmarc.kind === 'away') return notSeen(check, dmarc.why, mend);
  if (dmarc.kind === 'none')
    return doubtful(check, 'no record: large receivers ask one of whoever mails many people', mend);
  const aligned = `From, return path and ${signer === null ? 'no signature' : `d=${signer}`}`;
  if (dmarc.byDkim) return sound(check, `policy ${dmarc.policy}; ${aligned} belong together`);
  if (dmarc.bySpf && signer === null)
    return doubtful(
      check,
      `policy ${dmarc.policy}; by SPF alone, which is lost where a holder forwards mail`,
      'Sign as well: see the finding on DKIM.',
    );
  return failing(
    check,
    `policy ${dmarc.policy}; d=${signer ?? ''} does not belong to ${domain}: its signature counts for nothing`,
    `Set ALLCLEAR_DKIM_DOMAIN to ${domain}, or to the domain above it, and make keys: allclear mail keys`,
  );
}

function judgeReturnPath(domain: string, { mx, address }: SenderFacts): CheckFinding {
  const check = `return path ${domain}`;
  const mend = `Publish an MX record for ${domain} that leads to a mailbox taking bounces+...@${domain}.`;
  if (mx.kind === 'away') return notSeen(check, mx.why, mend);
  if (mx.kind === 'found' && mx.values.every((exchange) => exchange === '' || exchange === '.'))
    return failing(check, 'its MX says that it takes no mail: every bounce is lost', mend);
  if (mx.kind === 'found') return sound(check, `bounces go to ${mx.values.join(', ')}`);
  if (address.kind === 'found')
    return doubtful(check, 'no MX: bounces go to whatever answers at the address of the domain itself', mend);
  return failing(check, 'no MX: every bounce is lost, and receivers refuse a sender that nobody can answer', mend);
}

function notSeen(check: string, why: string, mend: string): CheckFinding {
  return doubtful(
    check,
    `could not be looked up from here (${why})`,
    `Look it up elsewhere. If it is not there: ${mend}`,
  );
}
