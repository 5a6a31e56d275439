import { digests } from '../adapters/crypto/digests.ts';
import type { PolicyFacts } from '../app/deployment/note-policy.ts';
import type { Config } from '../config/config.ts';
import { fields } from '../config/fields.ts';
import { limitFields } from '../config/limit-fields.ts';

/** So much of a digest tells one text from another, and nothing of either. */
const digestShown = 16;

/** What decides who is reached, by whom and how fast: the brakes, the directory and the mailer. Addresses without their secrets. */
export function policyFacts(config: Config, directoryDefinition: string): PolicyFacts {
  const limits = Object.entries(config.limits).map(([name, value]) => [`limits.${name}`, String(value)]);
  return {
    ...(Object.fromEntries(limits) as PolicyFacts),
    profile: config.profile,
    keepAddressDays: String(config.keepAddressDays),
    directoryName: config.directoryName,
    directory: whereOf(config.directoryUrl),
    directoryMapping: directoryDefinition === '' ? 'none' : digests.sha256(directoryDefinition).slice(0, digestShown),
    mailer: whereOf(config.smtpUrl),
    mailFrom: config.mailFrom,
    dkimDomain: config.dkimDomain ?? 'none',
    publicUrl: config.publicUrl,
  };
}

export interface PolicyMeaning {
  readonly group: 'directory' | 'mail' | 'limits';
  readonly meaning: string;
  readonly unit: string | null;
}

const others: Readonly<Record<string, readonly [PolicyMeaning['group'], keyof typeof fields]>> = {
  profile: ['limits', 'profile'],
  keepAddressDays: ['limits', 'keepAddressDays'],
  directoryName: ['directory', 'directoryName'],
  directory: ['directory', 'directoryUrl'],
  directoryMapping: ['directory', 'directoryMapping'],
  mailer: ['mail', 'smtpUrl'],
  mailFrom: ['mail', 'mailFrom'],
  dkimDomain: ['mail', 'dkimDomain'],
  publicUrl: ['mail', 'publicUrl'],
};

/** What a setting of `policyFacts` is about, in the words of the configuration; what an older version noted has none. */
export function policyMeaning(name: string): PolicyMeaning {
  const [group, field] = others[name] ?? ['limits', null];
  const known =
    field === null ? Object.entries(limitFields).find(([limit]) => `limits.${limit}` === name)?.[1] : fields[field];
  return { group, meaning: known?.meaning ?? '', unit: known?.unit ?? null };
}

/** Host, port and path: no name and no password. */
function whereOf(url: string | null): string {
  if (url === null) return 'none';
  const { host, pathname, protocol } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}
