import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { layerMayImport } from '../../scripts/lint/layers.ts';
import { repositoryRoot } from './sound-tree.ts';

const ours = ['src', 'scripts', 'bin', 'test', 'examples', 'bench', 'sql', 'templates'];
const generatedFolders = new Set(['node_modules', '.tsc', '.allclear', 'coverage']);

function filesUnder(folder: string, endings: readonly string[]): string[] {
  return readdirSync(path.join(repositoryRoot, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => path.relative(repositoryRoot, path.join(entry.parentPath, entry.name)))
    .filter((name) => !name.split(path.sep).some((part) => generatedFolders.has(part)));
}

function read(name: string): string {
  return readFileSync(path.join(repositoryRoot, name), 'utf8');
}

function linesThatMatch(names: readonly string[], pattern: RegExp): string[] {
  return names.flatMap((name) =>
    read(name)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${name}:${index + 1}: ${line.trim()}`] : [])),
  );
}

const code = ours.flatMap((folder) => filesUnder(folder, ['.ts', '.js']));

describe('the tree', () => {
  it('has no file of ours past 600 lines', () => {
    const files = ours.flatMap((folder) => filesUnder(folder, ['.ts', '.js', '.sql', '.css', '.html', '.md']));
    expect(files.filter((name) => read(name).split('\n').length > 601)).toEqual([]);
  });

  it('leaves no test out: none is alone, skipped, postponed or expected to fail', () => {
    const tests = filesUnder('test', ['.test.ts']);
    expect(linesThatMatch(tests, /\b(?:it|test|describe)\.(?:only|skip|todo|fails)\b/)).toEqual([]);
  });

  it('leaves no folder of a test behind: each is made by the helper that removes it', () => {
    const tests = filesUnder('test', ['.ts']).filter((name) => name !== path.join('test', 'support', 'temp-folder.ts'));
    expect(linesThatMatch(tests, /\bmkdtemp/).filter((line) => !line.includes('linesThatMatch'))).toEqual([]);
  });

  it('says why wherever it silences the linter, and never silences it in the domain', () => {
    const silenced = linesThatMatch(code, /(?:\/\/|\/\*)\s*(?:oxlint|eslint)-disable/);
    expect(silenced.filter((line) => !/disable\S* \S.* -- \S/.test(line) || line.startsWith('src/domain/'))).toEqual(
      [],
    );
  });

  it('has a compiler project and a row in the table of layers for every folder of src', () => {
    const folders = readdirSync(path.join(repositoryRoot, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    const projects = JSON.parse(read('tsconfig.json')) as { references: { path: string }[] };
    const compiled = projects.references.map((reference) => reference.path);
    expect(folders.filter((folder) => !compiled.includes(`src/${folder}`))).toEqual([]);
    expect(folders.toSorted()).toEqual(Object.keys(layerMayImport).toSorted());
  });

  it('lets no project loosen what the base compiler options promise', () => {
    const base = JSON.parse(read('tsconfig.base.json')) as { compilerOptions: Record<string, unknown> };
    const promises = Object.keys(base.compilerOptions).filter((option) => base.compilerOptions[option] === true);
    const projects = [...ours.flatMap((folder) => filesUnder(folder, ['tsconfig.json'])), 'tsconfig.json'];
    const loosened = projects.flatMap((name) => {
      const { compilerOptions = {} } = JSON.parse(read(name)) as { compilerOptions?: Record<string, unknown> };
      return promises
        .filter((option) => option in compilerOptions && compilerOptions[option] !== true)
        .map((option) => `${name}: ${option}`);
    });
    expect(loosened).toEqual([]);
  });

  it('keeps Node and the browser out of the layers that run anywhere', () => {
    for (const layer of ['domain', 'app', 'contract']) {
      const project = JSON.parse(read(`src/${layer}/tsconfig.json`)) as { compilerOptions: Record<string, unknown> };
      expect(project.compilerOptions['types']).toEqual([]);
      expect(project.compilerOptions['lib'] ?? ['es2024']).toEqual(['es2024']);
    }
  });

  it('numbers its migrations without a gap and never twice', () => {
    const numbers = filesUnder('sql', ['.sql'])
      .map((name) => Number(path.basename(name).slice(0, 4)))
      .toSorted((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it('locks packages by digest and not to one host', () => {
    const lock = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { resolved?: string; integrity?: string; link?: boolean }>;
    };
    const installed = Object.entries(lock.packages).filter(([name, entry]) => name !== '' && entry.link !== true);
    expect(installed.filter(([, entry]) => entry.integrity === undefined).map(([name]) => name)).toEqual([]);
    expect(installed.filter(([, entry]) => entry.resolved !== undefined).map(([name]) => name)).toEqual([]);
  });

  it('locks every platform of every package: npm refuses to install from a lock with a hole', () => {
    const lock = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const holes = Object.entries(lock.packages).flatMap(([name, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        (wanted) =>
          !(`node_modules/${wanted}` in lock.packages) && !(`${name}/node_modules/${wanted}` in lock.packages),
      ),
    );
    expect(holes).toEqual([]);
  });
});
