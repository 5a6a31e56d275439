import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digests } from '../../src/adapters/crypto/digests.ts';
import { readTemplateCatalog } from '../../src/adapters/template/read-template-catalog.ts';
import type { TemplateCatalog } from '../../src/app/ports/template-catalog.ts';
import type { NoticeTemplate } from '../../src/domain/notice/template.ts';

const shipped = fileURLToPath(new URL('../../templates/notices/', import.meta.url));

/** A copy of the shipped notices on disk, which a scenario changes under a running service. */
export interface TemplateFolder {
  /** What is read now: by server and worker alike. */
  readonly catalog: TemplateCatalog;
  /** Replaces words in a file such as `password-reset/v1/en.yaml`; the words have to be there. */
  change(file: string, from: string, to: string): Promise<void>;
  /** As a restarted process would. */
  reread(): Promise<void>;
  /** A template that somebody wrote in haste, and that stands beside the others. */
  add(template: NoticeTemplate): void;
  remove(): Promise<void>;
}

export async function copyTemplates(): Promise<TemplateFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'allclear-templates-'));
  await cp(shipped, folder, { recursive: true });
  const added = new Map<string, NoticeTemplate>();
  let now = await readTemplateCatalog(folder, digests);
  return {
    catalog: {
      findNewest: (id) => added.get(id) ?? now.findNewest(id),
      pinsOf: (id, version) => now.pinsOf(id, version),
      findPinned: (pins) => now.findPinned(pins),
    },
    async change(file, from, to) {
      const path = join(folder, file);
      const text = await readFile(path, 'utf8');
      if (!text.includes(from)) throw new Error(`${file} does not say "${from}"`);
      await writeFile(path, text.replaceAll(from, to));
    },
    async reread() {
      now = await readTemplateCatalog(folder, digests);
    },
    add: (template) => void added.set(template.id, template),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
