import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

import { Failure } from '../../../domain/shared/failure.ts';

export type DkimKind = 'rsa' | 'ed25519';

/** Stands above the key, where PEM readers skip it: a key made for a trial must not sign a service's real mail. */
interface MadeFor {
  readonly environment: string;
  readonly domain: string;
}

/** RFC 8301 3.2: signers should use at least this. Longer ones do not fit every resolver, and cost four times as much. */
const rsaBits = 2048;
const othersMask = 0o077;
const ownerOnly = 0o600;
const label = /^allclear-dkim-key-v1 environment=(\S+) domain=(\S+)$/m;

/**
 * Opens a private key: PKCS#8 or PKCS#1 PEM, also one that was made elsewhere. `Failure('key-missing')` where it is not
 * there, open to others or of another kind; `'environment-mismatch'` where it was made for another environment or domain.
 */
export async function openDkimKey(path: string, kind: DkimKind, use: MadeFor): Promise<KeyObject> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw missing(path, cause.code === 'ENOENT' ? 'is not there' : `cannot be read (${cause.code})`);
  });
  if ((found.mode & othersMask) !== 0)
    throw new Failure('key-missing', `Others on this machine may read the DKIM key. Run: chmod 600 ${path}`);
  const pem = await readFile(path, 'utf8');
  const [, environment = use.environment, domain = use.domain] = label.exec(pem) ?? [];
  if (environment !== use.environment || domain !== use.domain) {
    throw new Failure(
      'environment-mismatch',
      `The DKIM key ${path} was made for ${domain} (${environment}), not for ${use.domain} (${use.environment}). Name another file, and make its key: allclear mail keys`,
    );
  }
  const key = readPem(path, pem);
  if (key.asymmetricKeyType !== kind) throw missing(path, `holds no ${nameOf(kind)} key`);
  if (kind === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < rsaBits)
    throw missing(path, `holds an RSA key of less than ${rsaBits} bits`);
  return key;
}

/** Makes a key file, 0600, where there is none; one that is there is never written over. */
export async function ensureDkimKey(path: string, kind: DkimKind, use: MadeFor): Promise<{ readonly made: boolean }> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  const file = await open(draft, 'wx', ownerOnly);
  try {
    await file.writeFile(makePem(kind, use));
    await file.sync();
    // Fails where the name is taken, so of two that start together one key wins.
    await link(draft, path);
    return { made: true };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    return { made: false };
  } finally {
    await file.close();
    await unlink(draft);
  }
}

function makePem(kind: DkimKind, { environment, domain }: MadeFor): string {
  const options = { privateKeyEncoding: { type: 'pkcs8', format: 'pem' } } as const;
  const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
  const { privateKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: rsaBits, publicKeyEncoding, ...options })
      : generateKeyPairSync('ed25519', { publicKeyEncoding, ...options });
  return `allclear-dkim-key-v1 environment=${environment} domain=${domain}\n${privateKey}`;
}

function readPem(path: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // The cause could repeat what was read.
    throw missing(path, 'holds no private key in PEM without a passphrase');
  }
}

function missing(path: string, why: string): Failure {
  return new Failure(
    'key-missing',
    `The DKIM key ${path} ${why}. Put it back from your copy, or make one and publish its record: allclear mail keys`,
    { path },
  );
}

function nameOf(kind: DkimKind): string {
  return kind === 'rsa' ? 'RSA' : 'Ed25519';
}
