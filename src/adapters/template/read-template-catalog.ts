import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import type { Digests } from '../../app/ports/digests.ts';
import type { TemplateCatalog } from '../../app/ports/template-catalog.ts';
import { lintTemplate } from '../../domain/notice/lint-template.ts';
import { parseSegments, type Segment } from '../../domain/notice/segment.ts';
import type { LocalizedTemplate, MailTemplate, NoticeTemplate, TemplateKind } from '../../domain/notice/template.ts';
import { templateKinds } from '../../domain/notice/template.ts';
import type { PinnedTemplate } from '../../domain/plan/frozen-plan.ts';
import { Failure } from '../../domain/shared/failure.ts';
import { formSchema, wordsSchema } from './template-files.ts';

/** A template file is a few kilobytes of words; a larger one is a mistake and is not parsed. */
const FILE_CHARACTERS_MAX = 200_000;
/** Versions are kept for as long as plans name them; this many is years of them. */
const VERSIONS_MAX = 1_000;

type Words = z.infer<typeof wordsSchema>;

/**
 * Reads `<folder>/<id>/v<N>/{form,<language>}.yaml` and lints every template. One unfit template refuses them all with
 * `Failure('template-unfit')`: a service that starts with a notice it cannot put right would find out too late.
 */
export async function readTemplateCatalog(folder: string, digests: Digests): Promise<TemplateCatalog> {
  const templates = new Map<string, { template: NoticeTemplate; pins: readonly PinnedTemplate[] }>();
  const newest = new Map<string, NoticeTemplate>();
  for (const id of await foldersIn(folder, /^[a-z][a-z0-9-]{0,39}$/)) {
    for (const name of await foldersIn(join(folder, id), /^v[1-9][0-9]{0,5}$/)) {
      if (templates.size >= VERSIONS_MAX) throw unfit(id, [`there are more than ${VERSIONS_MAX} template versions`]);
      const template = await readTemplate(join(folder, id, name), id, Number(name.slice(1)));
      const findings = lintTemplate(template);
      if (findings.length > 0) {
        throw unfit(
          `${id} ${name}`,
          findings.map((finding) => `${finding.where}: ${finding.problem}`),
        );
      }
      templates.set(`${id}/${name}`, { template, pins: pinsFor(template, digests) });
      if ((newest.get(id)?.version ?? 0) < template.version) newest.set(id, template);
    }
  }
  return {
    findNewest: (id) => newest.get(id) ?? null,
    pinsOf(id, version) {
      const found = templates.get(`${id}/v${version}`);
      if (found === undefined) {
        throw new Failure('not-found', `There is no notice template ${id} v${version}.`, { id, version });
      }
      return found.pins;
    },
    findPinned(pins) {
      const [first] = pins;
      const found = first === undefined ? undefined : templates.get(`${first.id}/v${first.version}`);
      if (first === undefined || found === undefined) {
        const named = first === undefined ? 'no template' : `${first.id} v${first.version}`;
        throw unfit(named, [
          'the plan names it and this installation does not have it: deploy the version it was approved with',
        ]);
      }
      const frozen = pins.map(pinText).toSorted();
      const now = found.pins.map(pinText).toSorted();
      const changed = [...now.filter((pin) => !frozen.includes(pin)), ...frozen.filter((pin) => !now.includes(pin))];
      if (changed.length > 0 || frozen.length !== now.length) {
        throw unfit(`${first.id} v${first.version}`, [
          'its words are not those that were approved: deploy the approved files again, or draft a new plan',
        ]);
      }
      return found.template;
    },
  };
}

/** What is pinned is what is said: structure and words as parsed, not the comments around them. */
function pinsFor(template: NoticeTemplate, digests: Digests): readonly PinnedTemplate[] {
  const { id, version, describesAction } = template;
  const pins: PinnedTemplate[] = [];
  for (const kind of templateKinds.toSorted()) {
    const mail = template.mails[kind];
    if (mail === undefined) continue;
    for (const language of Object.keys(mail.languages).toSorted()) {
      const said = { id, version, describesAction, kind, blocks: mail.blocks, words: mail.languages[language] };
      pins.push({ id, version, kind, language, digest: digests.sha256(digests.canonical(said)) });
    }
  }
  return pins;
}

function pinText(pin: PinnedTemplate): string {
  return [pin.id, pin.version, pin.kind, pin.language, pin.digest].join('\n');
}

async function readTemplate(folder: string, id: string, version: number): Promise<NoticeTemplate> {
  const form = await readYaml(join(folder, 'form.yaml'), formSchema);
  const words = new Map<string, Words>();
  for (const file of (await readdir(folder)).toSorted()) {
    const language = /^([a-z]{2,3})\.yaml$/.exec(file)?.[1];
    if (language !== undefined) words.set(language, await readYaml(join(folder, file), wordsSchema));
  }
  const mails: Partial<Record<TemplateKind, MailTemplate>> = {};
  for (const kind of templateKinds) {
    const blocks = form.mails[kind];
    if (blocks === undefined) continue;
    const languages: Record<string, LocalizedTemplate> = {};
    for (const [language, said] of words) {
      const mail = said[kind];
      if (mail !== undefined) languages[language] = localize(mail, `${id} v${version} ${kind}/${language}`);
    }
    mails[kind] = { kind, blocks, languages };
  }
  return { id, version, describesAction: form.describesAction, mails };
}

function localize(mail: NonNullable<Words[TemplateKind]>, where: string): LocalizedTemplate {
  const words: Record<string, readonly (readonly Segment[])[]> = {};
  for (const [block, said] of Object.entries(mail.words)) {
    words[block] = (typeof said === 'string' ? [said] : said).map((text) => segmentsOf(text, `${where}/${block}`));
  }
  return { subject: segmentsOf(mail.subject, `${where}/subject`), words };
}

function segmentsOf(text: string, where: string): readonly Segment[] {
  const segments = parseSegments(text.trim());
  if ('unknownSlot' in segments) throw unfit(where, [`there is no slot named "${segments.unknownSlot}"`]);
  return segments;
}

async function readYaml<Shape>(path: string, schema: z.ZodType<Shape>): Promise<Shape> {
  let content: unknown;
  try {
    const text = await readFile(path, 'utf8');
    if (text.length > FILE_CHARACTERS_MAX) throw new Error(`it is longer than ${FILE_CHARACTERS_MAX} characters`);
    // No aliases: a file says everything where it is read.
    content = parse(text, { strict: true, uniqueKeys: true, maxAliasCount: 0 });
  } catch (cause) {
    throw unfit(path, ['it cannot be read as YAML'], cause);
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw unfit(
    path,
    parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  );
}

async function foldersIn(folder: string, name: RegExp): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() && name.test(entry.name) ? [entry.name] : [])).toSorted();
}

function unfit(what: string, problems: readonly string[], cause?: unknown): Failure {
  return new Failure('template-unfit', `The template ${what} is not fit: ${problems.join('; ')}.`, { problems }, cause);
}
