#!/usr/bin/env node
// Recomputes the digest of a plan from its export (NDJSON, a file or stdin), prints it, and exits 1 where the export does not
// hold together. It shares no code with Allclear and needs nothing but Node, so that it can be read in one sitting:
//
//   allclear plan export plan_81 --as ada | node tools/plan-digest.mjs
//
// The digest is the SHA-256 of the header's canonical JSON (RFC 8785). The header holds the SHA-256 over the canonical
// targets, one a line, in order, and over the canonical exclusions likewise.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** RFC 8785: members sorted by UTF-16 code units, no white space; ECMAScript writes strings and numbers as it asks. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
    return `{${members.join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error('a number that JSON cannot hold');
  return JSON.stringify(value);
}

function refuse(why) {
  process.stderr.write(`The export does not hold together: ${why}. Do not approve this plan.\n`);
  process.exit(1);
}

const file = process.argv[2];
const targets = createHash('sha256');
const exclusions = createHash('sha256');
let plan = null;
let targetTotal = 0;
let told = 0;
let exclusionTotal = 0;

for await (const text of createInterface({ input: file === undefined ? process.stdin : createReadStream(file) })) {
  if (text.trim() === '') continue;
  let line;
  try {
    line = JSON.parse(text);
  } catch {
    refuse('a line is no JSON');
  }
  if (line.kind === 'plan') {
    if (plan !== null) refuse('there are two headers');
    plan = line;
  } else if (line.kind === 'target') {
    if (line.target.ordinal !== targetTotal) refuse(`target ${targetTotal} is missing or out of place`);
    targets.update(`${canonical(line.target)}\n`);
    targetTotal += 1;
    if (line.target.tellOrdinal !== null) told += 1;
  } else if (line.kind === 'exclusion') {
    exclusions.update(`${canonical(line.exclusion)}\n`);
    exclusionTotal += 1;
  } else {
    refuse('there is a line of another kind');
  }
}

if (plan === null) refuse('there is no header');
const { header } = plan;
const digest = createHash('sha256').update(canonical(header)).digest('hex');
if (header.targets.digest !== targets.digest('hex')) refuse('the targets are not those of the header');
if (header.targets.total !== targetTotal || header.targets.told !== told) refuse('the header counts other targets');
if (header.exclusions.digest !== exclusions.digest('hex')) refuse('the exclusions are not those of the header');
if (header.exclusions.total !== exclusionTotal) refuse('the header counts other exclusions');
if (plan.digest !== digest) refuse(`the server says ${plan.digest}, the header is ${digest}`);

process.stdout.write(`${digest}\n`);
