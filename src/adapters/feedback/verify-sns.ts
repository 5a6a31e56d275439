import { X509Certificate, verify } from 'node:crypto';
import { JsonReader, parseJson } from './json-reader.ts';

/** Certificates that were fetched, by their address: Amazon changes them about once a year. */
const certificatesKept = 4;
/** Fetches of certificates in a minute, whatever strangers post: each of them names a file that we do not know yet. */
const fetchesPerMinute = 6;

export interface SnsMessage {
  readonly type: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
  /** For a notification what was published, for the others words for a person. */
  readonly message: string;
  readonly token: string | null;
}

export interface SnsVerifierOptions {
  /** The one topic that is listened to: `arn:aws:sns:<region>:<account>:<name>`. */
  readonly topic: string;
  /** The text behind an https address, which this verifier made itself. */
  readonly fetchText: (url: string) => Promise<string>;
  readonly now: () => Date;
}

/** Amazon's own host for the topic's region, and no other: whoever could choose it could sign anything. */
export function snsHostOf(topic: string): string {
  const [, partition, , region] = topic.split(':');
  return `sns.${region ?? ''}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
}

/** Signed fields in their order (Amazon SNS, "Verifying the signatures of Amazon SNS messages"). */
const signedFields: Readonly<Record<SnsMessage['type'], readonly string[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};

const certificatePath = /^\/SimpleNotificationService-[0-9a-f]{16,64}\.pem$/;

/** Reads posts of SNS: null for everything that Amazon did not sign for the configured topic. */
export function makeSnsVerifier(options: SnsVerifierOptions): (body: string) => Promise<SnsMessage | null> {
  const host = snsHostOf(options.topic);
  const certificates = new Map<string, X509Certificate>();
  let fetchedAt: readonly number[] = [];

  async function certificateAt(url: string): Promise<X509Certificate | null> {
    const known = certificates.get(url);
    if (known !== undefined) return known;
    const nowMs = options.now().getTime();
    fetchedAt = fetchedAt.filter((at) => nowMs - at < 60_000);
    if (fetchedAt.length >= fetchesPerMinute) return null;
    fetchedAt = [...fetchedAt, nowMs];
    const certificate = new X509Certificate(await options.fetchText(url));
    if (certificates.size >= certificatesKept) certificates.clear();
    certificates.set(url, certificate);
    return certificate;
  }

  return async (body) => {
    const posted = parseJson(body);
    const reader = new JsonReader(posted);
    const type = reader.text('Type');
    if (type === null || !Object.hasOwn(signedFields, type) || reader.text('TopicArn') !== options.topic) return null;
    const url = pinned(reader.text('SigningCertURL'), host);
    const algorithm = { '1': 'sha1', '2': 'sha256' }[reader.text('SignatureVersion') ?? ''];
    if (url === null || algorithm === undefined) return null;
    const fields = posted as Readonly<Record<string, unknown>>;
    const signed = stringToSign(fields, signedFields[type as SnsMessage['type']]);
    const signature = fields['Signature'];
    if (signed === null || typeof signature !== 'string') return null;
    const certificate = await certificateAt(url).catch(() => null);
    if (certificate === null || !isInForce(certificate, options.now())) return null;
    const bytes = Buffer.from(signed, 'utf8');
    const isGenuine = verify(algorithm, bytes, certificate.publicKey, Buffer.from(signature, 'base64'));
    return isGenuine
      ? { type: type as SnsMessage['type'], message: fields['Message'] as string, token: tokenOf(fields) }
      : null;
  };
}

function pinned(text: string | null, host: string): string | null {
  if (text === null || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isPlain = url.protocol === 'https:' && url.host === host && url.username === '' && url.search === '';
  return isPlain && certificatePath.test(url.pathname) ? `https://${host}${url.pathname}` : null;
}

/** Null where a field has another type; `Subject` alone may be missing. */
function stringToSign(fields: Readonly<Record<string, unknown>>, names: readonly string[]): string | null {
  let signed = '';
  for (const name of names) {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (name === 'Subject' && (value === undefined || value === null)) continue;
    if (typeof value !== 'string') return null;
    signed += `${name}\n${value}\n`;
  }
  return signed;
}

/** Tokens have some hundred characters. */
function tokenOf(fields: Readonly<Record<string, unknown>>): string | null {
  const token = fields['Token'];
  return typeof token === 'string' && token.length <= 4_096 ? token : null;
}

function isInForce(certificate: X509Certificate, now: Date): boolean {
  return new Date(certificate.validFrom) <= now && now <= new Date(certificate.validTo);
}
