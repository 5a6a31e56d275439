import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureConsole } from '../../scripts/build-console.js';
import { readConsoleFiles } from '../../src/main/console-files.ts';
import { makeTempFolder } from '../support/temp-folder.ts';

const repository = path.resolve(import.meta.dirname, '../..');

/** As a fresh clone with its packages: what the builder reads, and nothing that was built. */
function freshClone(): string {
  const root = makeTempFolder('clone');
  cpSync(path.join(repository, 'console'), path.join(root, 'console'), {
    recursive: true,
    filter: (source) => source !== path.join(repository, 'console', 'dist'),
  });
  for (const name of [
    'package.json',
    'package-lock.json',
    'tsconfig.base.json',
    'src/contract/tsconfig.json',
    'src/domain',
  ])
    cpSync(path.join(repository, name), path.join(root, name), { recursive: true });
  symlinkSync(path.join(repository, 'node_modules'), path.join(root, 'node_modules'));
  return root;
}

const distOf = (root: string): string => path.join(root, 'console', 'dist');

describe('npm start builds the console', () => {
  const root = freshClone();
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);

  beforeAll(async () => {
    expect(await ensureConsole(root, say)).toBe('built');
  });

  it('once, and tells it in one line', async () => {
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^The console was built \(\d+\.\d s\)\.$/);
    expect(await ensureConsole(root, say)).toBe('warm');
    expect(said).toHaveLength(1);
  });

  it('into a page without a script, a style or a host of somebody else in it', () => {
    const files = readConsoleFiles(distOf(root));
    if (files.kind !== 'built') throw new Error(files.why);
    expect(files.page).not.toMatch(/<style|style=|javascript:|\son[a-z]+=/);
    expect([...files.page.matchAll(/<script([^>]*)>([^<]*)/g)].map(([, , inside]) => inside)).toEqual(['']);
    for (const [, address = ''] of files.page.matchAll(/(?:src|href)="([^"]*)"/g))
      expect(address).toMatch(/^\/console\//);
    const styles = [...files.assets].filter(([name]) => name.endsWith('.css'));
    expect(styles.length).toBeGreaterThan(0);
    for (const [, { bytes }] of styles) expect(new TextDecoder().decode(bytes)).not.toMatch(/@import|url\((?!#)/);
  });

  it('into files that are the same when they come packed', () => {
    const files = readConsoleFiles(distOf(root));
    if (files.kind !== 'built') throw new Error(files.why);
    for (const { bytes, gzip } of files.assets.values())
      if (gzip !== null) expect(gunzipSync(gzip).equals(Buffer.from(bytes))).toBe(true);
  });

  it('into files whose names say what is in them', () => {
    const names = readdirSync(path.join(distOf(root), 'assets'));
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) expect(name).toMatch(/-[\w-]{8}\.(js|css|svg)$/);
  });

  it('anew when a file of it changed, and the old page is gone', async () => {
    const style = path.join(root, 'console', 'src', 'style', 'base.css');
    const before = readdirSync(path.join(distOf(root), 'assets'));
    writeFileSync(style, `${readFileSync(style, 'utf8')}\n.planted { color: inherit; }\n`);
    expect(await ensureConsole(root, say)).toBe('built');
    const after = readdirSync(path.join(distOf(root), 'assets'));
    expect(after.filter((name) => name.endsWith('.css'))).not.toEqual(before.filter((name) => name.endsWith('.css')));
    expect(after).toHaveLength(before.length);
  });
});

describe('a console that cannot be built', () => {
  it('leaves the reason where the page will show it, and is tried again at the next start', async () => {
    const root = freshClone();
    writeFileSync(path.join(root, 'console', 'src', 'main.tsx'), `import { lost } from './nowhere.ts';\nlost();\n`);
    const said: string[] = [];
    const say = (line: string): void => void said.push(line);
    expect(await ensureConsole(root, say)).toBe('failed');
    expect(said.join('\n')).toContain('nowhere.ts');
    const files = readConsoleFiles(distOf(root));
    expect(files).toMatchObject({ kind: 'missing' });
    const { why } = files as { why: string };
    expect(why).toContain('nowhere.ts');
    // Where the clone lies is nobody's business who can only reach the page.
    expect(why).not.toContain(root);
    cpSync(path.join(repository, 'console', 'src', 'main.tsx'), path.join(root, 'console', 'src', 'main.tsx'));
    expect(await ensureConsole(root, say)).toBe('built');
    expect(existsSync(path.join(distOf(root), 'failed'))).toBe(false);
  });

  it('is told apart from one that nobody built', () => {
    const empty = makeTempFolder('empty');
    mkdirSync(path.join(empty, 'assets'));
    expect(readConsoleFiles(empty)).toMatchObject({ kind: 'missing', why: expect.stringContaining('was not built') });
  });
});
