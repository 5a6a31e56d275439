import { readFile } from 'node:fs/promises';
import { reviewVerdicts } from '../domain/approval/review-standing.ts';
import type { ReviewVerdict } from '../domain/approval/review-standing.ts';
import { Failure } from '../domain/shared/failure.ts';

export interface TypedVerdict {
  readonly ordinal: number;
  readonly accountId: string;
  readonly verdict: ReviewVerdict;
}

/** More than the largest review has. */
const maxLines = 20_000;

/**
 * Verdicts from a file: NDJSON as `plan review --ndjson` wrote it with `verdict` filled in, or CSV with the head
 * `ordinal,verdict,accountId` (the account last, since an id may hold a comma). Lines without a verdict are left open.
 */
export async function readVerdicts(path: string): Promise<readonly TypedVerdict[]> {
  const lines = (await readText(path)).split('\n').map((line) => line.replace(/\r$/, ''));
  if (lines.length > maxLines) throw new Failure('usage', `${path} has more than ${maxLines} lines.`);
  const isCsv = lines[0]?.replaceAll(' ', '').toLowerCase() === 'ordinal,verdict,accountid';
  const verdicts: TypedVerdict[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || (isCsv && index === 0)) continue;
    const { ordinal, accountId, verdict } = isCsv ? ofCsv(line) : ofJson(line);
    if (verdict === null || verdict === undefined || verdict === '') continue;
    const known = reviewVerdicts.find((one) => one === verdict);
    if (known === undefined || !Number.isSafeInteger(ordinal) || typeof accountId !== 'string') {
      throw new Failure(
        'usage',
        `Line ${index + 1} of ${path} is no verdict: ${reviewVerdicts.join(', ')}. None was sent.`,
      );
    }
    verdicts.push({ ordinal: ordinal as number, accountId, verdict: known });
  }
  if (verdicts.length === 0) throw new Failure('nothing-selected', `${path} holds no verdict.`);
  return verdicts;
}

interface RawVerdict {
  readonly ordinal?: unknown;
  readonly accountId?: unknown;
  readonly verdict?: unknown;
}

function ofCsv(line: string): RawVerdict {
  const [, ordinal = '', verdict, accountId] = /^\s*([0-9]+)\s*,\s*([a-z-]*)\s*,(.*)$/.exec(line) ?? [];
  return { ordinal: ordinal === '' ? null : Number(ordinal), verdict: verdict ?? 'unreadable', accountId };
}

function ofJson(line: string): RawVerdict {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below with the number of the line: the line itself may hold an account.
  }
  return { verdict: 'unreadable' };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Failure('usage', `The file ${path} cannot be read (${code}).`);
  }
}
