import { ensureDkimKey, openDkimKey } from '../adapters/mail/dkim/key-file.ts';
import { keyRecord } from '../adapters/mail/dkim/key-record.ts';
import type { KeyRecord } from '../adapters/mail/dkim/key-record.ts';
import { makeMailSigner } from '../adapters/mail/dkim/sign-mail.ts';
import type { SignMail } from '../adapters/mail/dkim/sign-mail.ts';
import type { Config } from '../config/config.ts';
import { Failure } from '../domain/shared/failure.ts';

export interface Dkim {
  readonly domain: string;
  /** What has to stand in the DNS, RSA first. */
  readonly records: readonly KeyRecord[];
  readonly signMail: SignMail;
}

type DkimConfig = Pick<
  Config,
  'environment' | 'dkimDomain' | 'dkimRsaSelector' | 'dkimEd25519Selector' | 'dkimRsaKeyFile' | 'dkimEd25519KeyFile'
>;

/** The keys that sign every mail; null where no domain is set and mails leave unsigned. Failures as `openDkimKey`. */
export async function openDkim(config: DkimConfig): Promise<Dkim | null> {
  const { dkimDomain: domain, environment } = config;
  if (domain === null) return null;
  // RFC 8463 section 3 asks for both: not every receiver verifies Ed25519 yet.
  const keys = [
    {
      selector: config.dkimRsaSelector,
      privateKey: await openDkimKey(config.dkimRsaKeyFile, 'rsa', { environment, domain }),
    },
    {
      selector: config.dkimEd25519Selector,
      privateKey: await openDkimKey(config.dkimEd25519KeyFile, 'ed25519', { environment, domain }),
    },
  ];
  if (config.dkimRsaSelector === config.dkimEd25519Selector)
    throw new Failure('usage', 'The two DKIM keys need two selectors: under one name stands one key.');
  return {
    domain,
    records: keys.map(({ selector, privateKey }) => keyRecord(domain, selector, privateKey)),
    signMail: makeMailSigner({ domain, keys }),
  };
}

/** Makes the keys that are missing and opens both; `made` names the files that are new. */
export async function makeDkimKeys(
  config: DkimConfig,
): Promise<{ readonly dkim: Dkim; readonly made: readonly string[] }> {
  const { dkimDomain: domain, environment } = config;
  if (domain === null)
    throw new Failure(
      'usage',
      'ALLCLEAR_DKIM_DOMAIN is not set: keys are made for one domain. Set it to the domain of MAIL_FROM.',
    );
  const made: string[] = [];
  const files = [
    ['rsa', config.dkimRsaKeyFile],
    ['ed25519', config.dkimEd25519KeyFile],
  ] as const;
  for (const [kind, path] of files) {
    if ((await ensureDkimKey(path, kind, { environment, domain })).made) made.push(path);
  }
  const dkim = await openDkim(config);
  if (dkim === null) throw new Failure('internal', 'DKIM keys were made and cannot be opened.');
  return { dkim, made };
}
