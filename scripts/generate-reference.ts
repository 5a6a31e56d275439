/**
 * Writes docs/reference/*.md from the tables, routes and verbs that the code itself uses, so that the two cannot differ:
 * `reference/render-NAME.ts` exports `render`, which gives the text of docs/reference/NAME.md.
 * With `--check` it writes nothing and exits 1 if a page is not what it would write, or belongs to no renderer.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

interface Renderer {
  readonly render: () => string | Promise<string>;
}

const renderers = path.join(import.meta.dirname, 'reference');
const pages = path.resolve(import.meta.dirname, '..', 'docs', 'reference');
const isCheck = process.argv.includes('--check');

mkdirSync(pages, { recursive: true });
const written = new Set<string>();
for (const file of readdirSync(renderers).toSorted()) {
  const name = /^render-(.+)\.ts$/.exec(file)?.[1];
  if (name === undefined) continue;
  const { render } = (await import(pathToFileURL(path.join(renderers, file)).href)) as Renderer;
  const target = path.join(pages, `${name}.md`);
  const wanted = await render();
  written.add(`${name}.md`);
  if (!isCheck) {
    writeFileSync(target, wanted);
  } else if (!existsSync(target) || readFileSync(target, 'utf8') !== wanted) {
    complain(`docs/reference/${name}.md does not say what the code says. Run: npm run reference`);
  }
}
for (const page of readdirSync(pages)) {
  if (!written.has(page)) complain(`docs/reference/${page} is written by no renderer of scripts/reference.`);
}

function complain(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
