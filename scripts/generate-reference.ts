/**
 * Writes docs/reference/*.md from the tables, routes and verbs that the code itself uses, so that the two cannot differ.
 * With `--check` it writes nothing and exits 1 if a file is not what it would write.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderApi } from './reference/render-api.ts';
import { renderCli } from './reference/render-cli.ts';
import { renderConfig } from './reference/render-config.ts';
import { renderErrors } from './reference/render-errors.ts';
import { renderEvents } from './reference/render-events.ts';

const folder = path.resolve(import.meta.dirname, '..', 'docs', 'reference');

const pages: Readonly<Record<string, () => string | Promise<string>>> = {
  'api.md': renderApi,
  'cli.md': renderCli,
  'config.md': renderConfig,
  'errors.md': renderErrors,
  'events.md': renderEvents,
};

const isCheck = process.argv.includes('--check');
mkdirSync(folder, { recursive: true });
for (const [name, render] of Object.entries(pages)) {
  const target = path.join(folder, name);
  const wanted = await render();
  if (!isCheck) {
    writeFileSync(target, wanted);
  } else if (!existsSync(target) || readFileSync(target, 'utf8') !== wanted) {
    console.error(`docs/reference/${name} does not say what the code says. Run: npm run reference`);
    process.exitCode = 1;
  }
}
