import type { Operator } from '../approval/operator.ts';
import { isActive } from '../approval/operator.ts';
import { roleMay } from '../approval/role.ts';
import { isPersonalReference } from './entry-hash.ts';
import { isLedgerEvent, ledgerEvents } from './events.ts';
import type { LedgerEvent } from './events.ts';

/**
 * Entries of the installation's chain that everybody who decides is told of by mail. Whoever writes one of these has done
 * enough: it is read from the ledger. An event that changes who may decide belongs here.
 */
export const bulletinEvents: readonly LedgerEvent[] = [
  'operator.proposed',
  'operator.invited',
  'operator.added',
  'operator.suspended',
  'operator.role-agreed',
  'operator.role-changed',
  'passkey.added',
  'passkey.revoked',
  'identity.bound',
  'rollout.halted',
  'rollout.paused',
  'policy.changed',
  'drill.overridden',
  'deployment.loss-proposed',
  'deployment.loss-accepted',
];

/** Long values are digests, keys and signed texts: they say nothing to a reader, and stand in the ledger. */
const longestShown = 200;
const linesAtMost = 40;
const unshown: readonly string[] = [
  'publicKey',
  'passkeyKey',
  'invitation',
  'reasonDigest',
  'digest',
  'email',
  'credentialId',
  'aaguid',
  'link',
  'confirmation',
  'assertion',
];

type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

export interface BulletinEntry {
  readonly seq: number;
  readonly at: Date;
  readonly event: string;
  readonly body: { readonly [key: string]: Value };
  /** Null where it was erased. */
  readonly personal: { readonly [field: string]: string | null };
}

/** Whoever may read who the operators are: those who decide, and those who audit them. */
export function isToldBulletins(operator: Operator, now: Date): boolean {
  return isActive(operator, now) && roleMay(operator.role, 'operator.read');
}

/**
 * Plain words about one entry: no link, no secret, no address. The subject is made of our own words and ids alone; what people
 * typed stands in the text, one line each.
 */
export function composeBulletin(
  entry: BulletinEntry,
  about: { readonly serviceName: string; readonly environment: string; readonly operators: readonly Operator[] },
): { readonly subject: string; readonly text: string } {
  const names = new Map(about.operators.map((one) => [one.operatorId as string, one.name]));
  const named = (text: string): string =>
    text.replaceAll(/\boperator_[0-9]+\b/g, (id) => {
      const name = names.get(id);
      return name === undefined ? id : `${id} (${oneLine(name)})`;
    });
  const personal = Object.entries(entry.personal).map(([field, value]): [string, string] => [field, value ?? 'erased']);
  const facts = [...Object.entries(entry.body), ...personal].flatMap(([field, value]) => {
    const text = oneLine(shown(value));
    return unshown.includes(field) || text === '' || isPersonalReference(value) ? [] : [`${field}: ${named(text)}`];
  });
  const sentence = isLedgerEvent(entry.event) ? ledgerEvents[entry.event] : entry.event;
  const concerned = [entry.body['operator'], entry.body['subject'], entry.body['plan']].find(
    (one): one is string => typeof one === 'string',
  );
  return {
    subject: `[Allclear ${about.environment}] ${entry.event}${concerned === undefined ? '' : ` ${concerned}`}`,
    text: [
      sentence,
      '',
      `service: ${oneLine(about.serviceName)} (${about.environment})`,
      `when: ${entry.at.toISOString()}`,
      ...facts.slice(0, linesAtMost),
      '',
      'If you did not know of this, ask the people who are named here, by another way than mail.',
      'In doubt, halt; one person may: allclear halt',
      `It is entry ${entry.seq} of the ledger: allclear ledger list --event ${entry.event}`,
      'This mail asks nothing of you and holds no link.',
      '',
    ].join('\n'),
  };
}

function shown(value: Value): string {
  if (value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)} ...` : text;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
