import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { Failure } from '../domain/shared/failure.ts';

/** A config file of people's hands; more is a mistake or an attack. */
const maxBytes = 1_048_576;

/** Reads a YAML (or JSON) file into a flat map; the keys of `limits` come back as `limits.<key>`. */
export function readConfigFile(path: string): ReadonlyMap<string, unknown> {
  const value = parseFile(path);
  if (value === null) return new Map();
  if (typeof value !== 'object' || Array.isArray(value)) throw unreadable(path, 'it is not a list of names and values');
  const settings = new Map<string, unknown>();
  for (const [name, setting] of Object.entries(value)) {
    if (name !== 'limits') {
      settings.set(name, setting);
      continue;
    }
    if (typeof setting !== 'object' || setting === null || Array.isArray(setting)) {
      throw unreadable(path, '"limits" is not a list of names and values');
    }
    for (const [limit, amount] of Object.entries(setting)) settings.set(`limits.${limit}`, amount);
  }
  return settings;
}

function parseFile(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, `it cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
  if (text.length > maxBytes) throw unreadable(path, 'it is larger than 1 MB');
  try {
    return parse(text, { maxAliasCount: 0 }) as unknown;
  } catch (cause) {
    // Only the place: the message of the parser quotes the line, which may hold a secret.
    const { linePos } = cause as { linePos?: readonly { line: number }[] };
    throw unreadable(path, `it is no YAML, near line ${linePos?.[0]?.line ?? 1}`);
  }
}

function unreadable(path: string, why: string): Failure {
  return new Failure('usage', `The config file ${path} is not used: ${why}.`);
}
