import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { defaultPopulation, groundTruth, type Person } from '../chirp/population/ground-truth.ts';
import { keepPeople } from '../chirp/population/keep-people.ts';
import { generateCredentialList } from './generate-credential-list.ts';
import { generateObservedList } from './generate-observed-list.ts';

const usage = `Makes lists to import, against the accounts of a running Chirp.

  node examples/generator/main.ts credentials --out FILE [--lines 100000] [--right 0.02] [--truth FILE.json]
  node examples/generator/main.ts observed    --out FILE [--named 300] [--true-share 0.9] [--rule NAME] [--until TIME] [--truth FILE.json]

Both take --seed N (of the list; default 7), --accounts N and --population-seed N (of Chirp; default ${defaultPopulation.size} and ${defaultPopulation.seed}),
--keep N where that Chirp kept only so many, and --out - for the standard output.
The truth file holds account ids and line numbers, no password. A list holds passwords: of nobody real.
`;

/** Events of a rule lie in the week before the list was made. */
const observedSpanMs = 7 * 24 * 60 * 60 * 1000;

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n\n${usage}`);
  process.exit(2);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', short: 'h' },
    out: { type: 'string' },
    truth: { type: 'string' },
    lines: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '7' },
    accounts: { type: 'string', default: String(defaultPopulation.size) },
    'population-seed': { type: 'string', default: String(defaultPopulation.seed) },
    keep: { type: 'string' },
    right: { type: 'string' },
    named: { type: 'string', default: '300' },
    'true-share': { type: 'string', default: '0.9' },
    rule: { type: 'string', default: 'sign-in-from-listed-network' },
    until: { type: 'string' },
  },
});

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  return Number.isSafeInteger(value) && value >= 0 ? value : fail(`--${name} is not a whole number.`);
}

function share(name: string, text: string): number {
  const value = Number(text);
  return value >= 0 && value <= 1 ? value : fail(`--${name} is not a share between 0 and 1.`);
}

function readPeople(): readonly Person[] {
  const truth = groundTruth(
    wholeNumber('population-seed', values['population-seed']),
    wholeNumber('accounts', values.accounts),
  );
  return values.keep === undefined ? truth.people : keepPeople(truth, wholeNumber('keep', values.keep)).people;
}

/** Readable by its owner only: a list is a list, even of invented people. */
const fileMode = 0o600;

async function writeOut(chunks: AsyncIterable<Buffer | string> | Iterable<string>, out: string): Promise<void> {
  const target = out === '-' ? process.stdout : createWriteStream(out, { mode: fileMode });
  await pipeline(Readable.from(chunks), target, { end: out !== '-' });
}

async function writeTruth(truth: object): Promise<void> {
  if (values.truth === undefined) return;
  const text = JSON.stringify(
    truth,
    (_key, value: unknown) => {
      if (value instanceof Map) return Object.fromEntries(value) as unknown;
      return value instanceof Set ? [...value] : value;
    },
    2,
  );
  await writeFile(values.truth, `${text}\n`, { mode: fileMode });
}

if (values.help === true) {
  process.stdout.write(usage);
  process.exit(0);
}
const out = values.out ?? fail('--out is missing: name a file, or - for the standard output.');
const seed = wholeNumber('seed', values.seed);

switch (positionals[0]) {
  case 'credentials': {
    const list = generateCredentialList({
      lines: wholeNumber('lines', values.lines),
      seed,
      people: readPeople(),
      shares: values.right === undefined ? {} : { right: share('right', values.right) },
    });
    await writeOut(list.chunks, out);
    const truth = list.truth();
    await writeTruth(truth);
    process.stderr.write(
      `${truth.lines} lines, ${truth.met.size} accounts met, ${truth.compromised.size} with their current password\n`,
    );
    break;
  }
  case 'observed': {
    const until = values.until === undefined ? new Date() : new Date(values.until);
    if (Number.isNaN(until.getTime())) fail('--until is not a time. Write it as 2026-01-31T12:00:00Z.');
    const { csv, truth } = generateObservedList({
      seed,
      people: readPeople(),
      accounts: wholeNumber('named', values.named),
      trueShare: share('true-share', values['true-share']),
      rule: values.rule,
      from: new Date(until.getTime() - observedSpanMs),
      until,
    });
    await writeOut([csv], out);
    await writeTruth(truth);
    process.stderr.write(
      `${truth.rows} rows, ${truth.compromised.size} accounts rightly named, ${truth.innocent.size} wrongly\n`,
    );
    break;
  }
  default:
    fail('Say which list to make: credentials or observed.');
}
