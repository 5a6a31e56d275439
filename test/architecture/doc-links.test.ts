import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { repositoryRoot } from './sound-tree.ts';

const skipped = /^(node_modules|coverage|\.)/;

const pages = readdirSync(repositoryRoot, { withFileTypes: true })
  .filter(({ name }) => !skipped.test(name))
  .flatMap((entry) =>
    entry.isDirectory()
      ? readdirSync(path.join(repositoryRoot, entry.name), { recursive: true, encoding: 'utf8' }).map((name) =>
          path.join(entry.name, name),
        )
      : [entry.name],
  )
  .filter((name) => name.endsWith('.md'));

/** Lines outside of fenced blocks: what stands in those is shown, not linked. */
function prose(text: string): readonly string[] {
  let isFenced = false;
  return text.split('\n').map((line) => {
    const isFence = /^\s*```/.test(line);
    if (isFence) isFenced = !isFenced;
    return isFenced || isFence ? '' : line;
  });
}

/** The anchors that a forge gives to headings: lower case, no punctuation, blanks as hyphens, repeats counted. */
function anchorsOf(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const line of prose(text)) {
    const [, heading] = /^#{1,6}\s+(.*)$/.exec(line) ?? [];
    if (heading === undefined) continue;
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = words.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(/\s/g, '-');
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    anchors.add(times === 0 ? anchor : `${anchor}-${times}`);
  }
  return anchors;
}

/** `line: target` of every relative link that leads nowhere. */
function deadLinks(page: string, text: string): readonly string[] {
  return prose(text).flatMap((line, index) =>
    [...line.replaceAll(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target) && !leadsSomewhere(page, text, target))
      .map((target) => `${page}:${index + 1}: ${target}`),
  );
}

function leadsSomewhere(page: string, text: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const found = path.join(repositoryRoot, path.dirname(page), decodeURI(file));
  if (file !== '' && !existsSync(found)) return false;
  if (anchor === undefined) return true;
  return anchorsOf(file === '' ? text : readFileSync(found, 'utf8')).has(anchor);
}

it('no link of the documents leads a reader nowhere', () => {
  expect(pages.length).toBeGreaterThan(30);
  expect(pages.flatMap((page) => deadLinks(page, readFileSync(path.join(repositoryRoot, page), 'utf8')))).toEqual([]);
});

it('would find a page that was moved and a heading that was renamed', () => {
  const text = '# One two\n\n[here](#one-two) [gone](#one-three) [moved](docs/away.md) [tour](docs/tour.md#start)\n';
  expect(deadLinks('README.md', text)).toEqual(['README.md:3: #one-three', 'README.md:3: docs/away.md']);
});
