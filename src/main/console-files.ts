import { readFileSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { ConsoleFile, ConsoleFiles } from '../http/console/console-files.ts';

const builtHere = fileURLToPath(new URL('../../console/dist', import.meta.url));

/** What the builder makes; a file of another kind is not served. */
const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
/** A console has some ten files; a folder with more is not one. */
const maxAssets = 200;

/** Reads what `npm start` built, once: some hundred kilobytes that every page asks for. Never throws. */
export function readConsoleFiles(dist = builtHere): ConsoleFiles {
  try {
    const assets = new Map<string, ConsoleFile>();
    for (const name of readdirSync(join(dist, 'assets')).slice(0, maxAssets)) {
      const contentType = contentTypes[extname(name)];
      if (contentType === undefined) continue;
      const bytes = Uint8Array.from(readFileSync(join(dist, 'assets', name)));
      const gzip = Uint8Array.from(gzipSync(bytes));
      assets.set(name, { bytes, gzip: gzip.length < bytes.length ? gzip : null, contentType });
    }
    return { kind: 'built', page: readFileSync(join(dist, 'index.html'), 'utf8'), assets };
  } catch {
    return { kind: 'missing', why: whyMissing(dist) };
  }
}

function whyMissing(dist: string): string {
  try {
    return `Building it failed. The builder said:\n\n${readFileSync(join(dist, 'failed'), 'utf8')}`;
  } catch {
    return 'It was not built: the folder console/dist is not there or not whole.';
  }
}
