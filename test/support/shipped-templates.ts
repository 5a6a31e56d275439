import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import canonicalize from 'canonicalize';
import { readTemplateCatalog } from '../../src/adapters/template/read-template-catalog.ts';
import type { Digests } from '../../src/app/ports/digests.ts';
import type { TemplateCatalog } from '../../src/app/ports/template-catalog.ts';
import { pairTemplateWithAction, type PairedTemplate } from '../../src/domain/notice/pair-template-with-action.ts';
import type { DescribedAction } from '../../src/domain/notice/template.ts';
import type { Digest } from '../../src/domain/shared/ids.ts';

/** Where the templates that ship with Allclear are. */
export const shippedTemplatesFolder = fileURLToPath(new URL('../../templates/notices', import.meta.url));

/** Enough of the digests port to pin templates. */
export const templateDigests: Digests = {
  canonical: (value) => canonicalize(value) ?? '',
  sha256: (input) => createHash('sha256').update(input).digest('hex') as Digest,
  sha256Stream: () => {
    throw new Error('templates are never streamed');
  },
  randomHex: () => {
    throw new Error('templates need no randomness');
  },
};

export function readShippedTemplates(): Promise<TemplateCatalog> {
  return readTemplateCatalog(shippedTemplatesFolder, templateDigests);
}

export function readPasswordReset(): Promise<PairedTemplate> {
  return readPaired('password-reset', 'reset');
}

export function readAccountSuspended(): Promise<PairedTemplate> {
  return readPaired('account-suspended', 'suspend');
}

async function readPaired(id: string, action: DescribedAction): Promise<PairedTemplate> {
  const template = (await readShippedTemplates()).findNewest(id);
  if (template === null) throw new Error(`no template ${id} is shipped`);
  const pairing = pairTemplateWithAction(template, action);
  if (pairing.kind === 'refused') throw new Error(pairing.problems.join('\n'));
  return pairing.template;
}
