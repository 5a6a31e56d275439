import type { Person } from '../chirp/population/ground-truth.ts';
import { makeRandom, type Random } from '../chirp/random.ts';
import { accountLineKinds, defaultShares, planAccountLines } from './account-lines.ts';
import type { AccountLine, AccountLineKind, AccountShares } from './account-lines.ts';
import { dirtKinds, dirtShare, drawDirt, makeDirt, type DirtKind } from './dirt.ts';
import { headerOf, listForms, separators, writePair, type ListForm } from './list-forms.ts';
import { makeStrangers } from './strangers.ts';

export interface CredentialListOptions {
  /** Lines in all, from 1,000. */
  readonly lines: number;
  readonly seed: number;
  /** The accounts that the list may name: those of a population or of a clone. */
  readonly people: readonly Person[];
  readonly shares?: Partial<AccountShares>;
  /** The forms of the files that were glued together; one alone for a list of one piece. Default: all. */
  readonly forms?: readonly ListForm[];
}

export type LineKind = AccountLineKind | DirtKind | 'stranger' | 'repeated-stranger' | 'header';
export type LineEnd = 'lf' | 'crlf' | 'cr' | 'none';

/** What is true of a finished list. Holds no password and no address. */
export interface CredentialListTruth {
  readonly lines: number;
  readonly bytes: number;
  /** Accounts whose current password stands beside their address, with every such line. */
  readonly compromised: ReadonlyMap<string, readonly number[]>;
  /**
   * Accounts whose address is in the list, as the directory compares it (A-Z folded, nothing else), beside some password:
   * neither a hash nor broken text.
   */
  readonly met: ReadonlySet<string>;
  /** Each line is of one kind: the counts add up to `lines`. */
  readonly kinds: Readonly<Record<LineKind, number>>;
  readonly ends: Readonly<Record<LineEnd, number>>;
  /** How the lines of accounts that were met are written. */
  readonly forms: Readonly<Record<ListForm, number>>;
}

export interface CredentialList {
  /** To be read once. Memory stays constant: only the lines about accounts are held beside one chunk. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Throws until every chunk was read. */
  truth(): CredentialListTruth;
}

const fewestLines = 1_000;
const chunkChars = 256 * 1024;
const shortestSection = 200;
const longestSection = 4_000;
const strayEndShare = 0.01;
const stealerShare = 0.03;
const repeatedShare = 0.01;
const blanksShare = 0.05;
const separatorInsideShare = 0.005;
const overLongEvery = 1_000_000;

const endBytes: Readonly<Record<LineEnd, string>> = { lf: '\n', crlf: '\r\n', cr: '\r', none: '' };
const sites = ['https://chirp.example/login', 'https://forum.test:8443/account/sign-in', 'http://shop.invalid/'];
/** Half of all that circulates is `address:password`. */
const usualForms: readonly ListForm[] = [
  'colon',
  'colon',
  'colon',
  'colon',
  'colon',
  'semicolon',
  'pipe',
  'tab',
  'csv',
  'csv-quoted',
];

/** A list is many files glued together: each stretch has its own form and its own line end. */
interface Section {
  readonly form: ListForm;
  readonly end: LineEnd;
  readonly length: number;
}

function drawSection(random: Random, forms: readonly ListForm[]): Section {
  const form = random.pick(forms);
  const end = random.pick<LineEnd>(['lf', 'lf', 'lf', 'lf', 'crlf', 'crlf', 'crlf', 'cr']);
  return { form, end, length: shortestSection + random.below(longestSection - shortestSection) };
}

/** Line numbers (from 2: the first is a header or noise) for what must be in the list, each used once. */
function place<T>(items: readonly T[], lines: number, random: Random): ReadonlyMap<number, T> {
  const placed = new Map<number, T>();
  for (const item of items) {
    let line = 2 + random.below(lines - 2);
    // Ends: at most half of the lines are taken.
    while (placed.has(line)) line = 2 + random.below(lines - 2);
    placed.set(line, item);
  }
  return placed;
}

function countFrom<K extends string>(keys: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
}

/** Stands for the broken byte while the line is still text; no password has it. */
const placeholder = '\u0001';

function writeAccountLine(line: AccountLine, form: ListForm, random: Random): Buffer {
  const isBlankable = form !== 'csv-quoted' && form !== 'stealer';
  const before = isBlankable && random.chance(blanksShare) ? '  ' : '';
  const after = isBlankable && random.chance(blanksShare) ? ' ' : '';
  const half = line.password.length >> 1;
  const password =
    line.brokenBy === null
      ? line.password
      : `${line.password.slice(0, half)}${placeholder}${line.password.slice(half)}`;
  const bytes = Buffer.from(
    writePair(form, { address: `${before}${line.address}${after}`, password }, random.pick(sites)),
  );
  if (line.brokenBy !== null) bytes[bytes.indexOf(placeholder)] = line.brokenBy;
  return bytes;
}

/**
 * A leaked list as lists are: glued from files of different forms and line ends, dirty, mostly about strangers. The same
 * options give the same bytes. A line ends at LF, CR LF or a lone CR, and lines count from 1, empty ones included.
 */
export function generateCredentialList(options: CredentialListOptions): CredentialList {
  const { lines, seed, people } = options;
  if (!Number.isSafeInteger(lines) || lines < fewestLines)
    throw new RangeError(`a list has at least ${fewestLines} lines`);
  const planRandom = makeRandom(seed, 'list-plan');
  const accountLines = planAccountLines(people, { ...defaultShares, ...options.shares }, lines, planRandom);
  const overLong = Array.from({ length: Math.floor(lines / overLongEvery) }, (): DirtKind => 'over-long');
  const placed = place<AccountLine | DirtKind>([...accountLines, ...dirtKinds, ...overLong], lines, planRandom);

  const kinds = countFrom<LineKind>([...accountLineKinds, ...dirtKinds, 'stranger', 'repeated-stranger', 'header']);
  const ends = countFrom<LineEnd>(['lf', 'crlf', 'cr', 'none']);
  const forms = countFrom<ListForm>(listForms);
  const compromised = new Map<string, number[]>();
  const met = new Set<string>();
  let bytes = 0;
  let isFinished = false;

  function* write(): Generator<Buffer> {
    const random = makeRandom(seed, 'list-lines');
    const strangers = makeStrangers(random);
    let text = '';
    let section = drawSection(random, options.forms ?? usualForms);
    let sectionEndsAt = section.length;
    let isHeaderDue = true;
    let separator = separators[section.form];
    let lastStranger = '';
    let lastEnd: LineEnd = 'lf';

    function note(line: AccountLine, form: ListForm, number: number): void {
      kinds[line.kind] += 1;
      if (line.accountId === null || line.brokenBy !== null || line.kind === 'hash-of-right') return;
      forms[form] += 1;
      met.add(line.accountId);
      if (!line.works) return;
      const seen = compromised.get(line.accountId);
      if (seen === undefined) compromised.set(line.accountId, [number]);
      else seen.push(number);
    }

    function stranger(): string {
      const address = strangers.address();
      const password = strangers.password();
      if (section.form === 'csv-quoted') return `"${address}","${password}"`;
      const draw = random.next();
      if (draw < stealerShare) return `${random.pick(sites)}:${address}:${password}`;
      if (draw > 1 - separatorInsideShare && section.form !== 'csv') {
        return `${address}${separator}${password}${separator}${strangers.password()}`;
      }
      return address + separator + password;
    }

    for (let number = 1; number <= lines; number += 1) {
      if (number > sectionEndsAt) {
        section = drawSection(random, options.forms ?? usualForms);
        sectionEndsAt = number + section.length;
        separator = separators[section.form];
        isHeaderDue = true;
      }
      let item = placed.get(number);
      if (item === undefined && random.next() < dirtShare) item = drawDirt(random);
      // After a lone CR an empty line that ends in LF would read as one CR LF.
      if (item === 'empty' && (lastEnd === 'cr' || number === lines)) item = 'blank';

      let line: string | Buffer;
      if (item === undefined) {
        const header = isHeaderDue ? headerOf(section.form) : null;
        isHeaderDue = false;
        if (header !== null) {
          kinds.header += 1;
          line = header;
        } else if (lastStranger !== '' && random.next() < repeatedShare) {
          kinds['repeated-stranger'] += 1;
          line = lastStranger;
        } else {
          kinds.stranger += 1;
          lastStranger = stranger();
          line = lastStranger;
        }
      } else if (typeof item === 'string') {
        kinds[item] += 1;
        line = makeDirt(item, strangers.address(), random);
      } else {
        const form = random.chance(stealerShare) ? 'stealer' : section.form;
        note(item, form, number);
        line = writeAccountLine(item, form, random);
      }

      let end = section.end;
      if (random.next() < strayEndShare) end = random.pick<LineEnd>(['lf', 'crlf', 'cr']);
      // Half of all files stop without a line end.
      if (number === lines && random.chance(0.5)) end = 'none';
      ends[end] += 1;
      lastEnd = end;

      if (typeof line === 'string') {
        text += line + endBytes[end];
        if (text.length < chunkChars) continue;
      } else {
        const head = Buffer.from(text);
        text = '';
        const chunk = Buffer.concat([head, line, Buffer.from(endBytes[end])]);
        bytes += chunk.length;
        yield chunk;
        continue;
      }
      const chunk = Buffer.from(text);
      text = '';
      bytes += chunk.length;
      yield chunk;
    }
    const chunk = Buffer.from(text);
    bytes += chunk.length;
    yield chunk;
    isFinished = true;
  }

  async function* chunks(): AsyncGenerator<Buffer> {
    yield* write();
  }

  return {
    chunks: chunks(),
    truth() {
      if (!isFinished) throw new Error('the list is not written to its end yet: read every chunk first');
      return { lines, bytes, compromised, met, kinds, ends, forms };
    },
  };
}
