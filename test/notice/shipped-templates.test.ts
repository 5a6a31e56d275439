import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readTemplateCatalog } from '../../src/adapters/template/read-template-catalog.ts';
import { templateKinds } from '../../src/domain/notice/template.ts';
import { readShippedTemplates, shippedTemplatesFolder, templateDigests } from '../support/shipped-templates.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** A copy of the shipped templates with one file edited. */
async function shippedWith(file: string, edit: (text: string) => string): Promise<string> {
  const folder = makeTempFolder('templates');
  folders.push(folder);
  await cp(shippedTemplatesFolder, folder, { recursive: true });
  const path = join(folder, 'password-reset', 'v1', file);
  const before = await readFile(path, 'utf8');
  const after = edit(before);
  expect(after).not.toBe(before);
  await writeFile(path, after);
  return folder;
}

describe('the shipped templates', () => {
  test('every mail is there in all four languages', async () => {
    const pins = (await readShippedTemplates()).pinsOf('password-reset', 1);
    expect(pins.map((pin) => `${pin.kind}/${pin.language}`)).toEqual(
      templateKinds.toSorted().flatMap((kind) => ['de', 'en', 'es', 'ja'].map((language) => `${kind}/${language}`)),
    );
  });

  test('a plan is refused words that nobody approved', async () => {
    const pins = (await readShippedTemplates()).pinsOf('password-reset', 1);
    for (const file of ['ja.yaml', 'form.yaml', 'de.yaml']) {
      const folder = await shippedWith(file, (text) =>
        file === 'form.yaml'
          ? text.replace('id: signed-out, form: paragraph', 'id: signed-out, form: list')
          : text.replace(/^ {4}greeting: .*$/m, '    greeting: Guten Morgen'),
      );
      const edited = await readTemplateCatalog(folder, templateDigests);
      expect(() => edited.findPinned(pins)).toThrow(expect.objectContaining({ code: 'template-unfit' }));
    }
  });

  test('a plan is refused when a pinned mail is left out or the template is gone', async () => {
    const catalog = await readShippedTemplates();
    const pins = catalog.pinsOf('password-reset', 1);
    expect(catalog.findPinned(pins).version).toBe(1);
    expect(catalog.findPinned(pins.toReversed()).version).toBe(1);
    const unfit = expect.objectContaining({ code: 'template-unfit' });
    expect(() => catalog.findPinned(pins.slice(1))).toThrow(unfit);
    expect(() => catalog.findPinned([])).toThrow(unfit);
    expect(() => catalog.findPinned(pins.map((pin) => ({ ...pin, version: 2 })))).toThrow(unfit);
    expect(() => catalog.pinsOf('password-reset', 2)).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  test('a comment in a file voids no approval', async () => {
    const pins = (await readShippedTemplates()).pinsOf('password-reset', 1);
    const folder = await shippedWith('es.yaml', (text) => `# reviewed\n${text}`);
    expect((await readTemplateCatalog(folder, templateDigests)).findPinned(pins).id).toBe('password-reset');
  });

  test.each([
    ['en.yaml', 'is known to others', 'was leaked from another site'],
    ['en.yaml', 'What to do now', 'What to do immediately'],
    ['en.yaml', 'We have reset your {service-name} password', 'We have suspended your {service-name} account'],
    ['en.yaml', 'We have reset your {service-name} password', 'Password reset on {contained-on}'],
    ['en.yaml', 'number: Notice number', 'number: Log in here'],
    ['en.yaml', 'What to do now', 'See https://chirp.example/reset'],
    ['en.yaml', 'What to do now', 'Your code is 4f9a17c02be84d11'],
    ['en.yaml', 'What to do now', 'What to <b>do</b> now'],
    ['en.yaml', 'Hello,', 'Hello {display-name},'],
    ['de.yaml', 'Was Sie jetzt tun können', 'Was Sie sofort tun müssen'],
    ['es.yaml', 'Qué puede hacer ahora', 'Actúe de inmediato'],
    ['ja.yaml', 'お願いしたいこと', '至急お願いしたいこと'],
    ['ja.yaml', 'ご本人以外の人に知られている', '他のサイトから流出した'],
    ['de.yaml', '\nlate:', '\nlater:'],
    ['es.yaml', '\nholding:', '\nnotice:'],
    ['form.yaml', 'need: mandatory, claim: password-reset-by-us', 'need: optional, claim: password-reset-by-us'],
    ['form.yaml', '{ id: number, form: number, need: always }', '{ id: number, form: link, need: always }'],
    ['form.yaml', 'group: why, claim: reported-to-us', 'group: why, claim: password-given-back'],
    ['form.yaml', 'describesAction: reset', 'describesAction: suspend'],
    ['form.yaml', 'id: signed-out, form', 'id: signed-up, form'],
  ])('a template is refused when in %s "%s" reads "%s"', async (file, from, to) => {
    const folder = await shippedWith(file, (text) => text.replace(from, () => to));
    await expect(readTemplateCatalog(folder, templateDigests)).rejects.toMatchObject({ code: 'template-unfit' });
  });

  test('a correction that is missing in one language refuses the template', async () => {
    for (const kind of ['holding', 'final', 'late', 'confirmed']) {
      const folder = await shippedWith('ja.yaml', (text) =>
        text.replace(new RegExp(`^${kind}:\\n(?: .*\\n)+`, 'm'), ''),
      );
      await expect(readTemplateCatalog(folder, templateDigests)).rejects.toThrow(
        `${kind}/ja: this language is missing`,
      );
    }
  });
});
