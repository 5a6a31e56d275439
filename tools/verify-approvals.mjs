#!/usr/bin/env node
// Verifies every yes of an export again (NDJSON, a file or stdin), by key and by passkey, and exits 1 where one does not
// hold. It shares no code with Allclear and needs nothing but Node, so that it can be read in one sitting, years later too:
//
//   allclear ledger approvals plan_81 --as ada > approvals.ndjson
//   node tools/verify-approvals.mjs approvals.ndjson
//
// A yes is a text (RFC 8785 JSON: deployment, directory, digest, total, decision, nonce, expiry) and a signature over it. By
// key: Ed25519 (RFC 8032). By passkey (W3C Web Authentication, section 7.2): the challenge is the SHA-256 of the text, and
// the signature is over the authenticator data and the SHA-256 of the client data. Compare the digest with that of the plan:
// tools/plan-digest.mjs.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

const approvalEvents = [
  'plan.approved',
  'retraction.approved',
  'operator.approved',
  'rollout.resume-approved',
  'drill.override-approved',
  'deployment.loss-approved',
];
/** SubjectPublicKeyInfo of an Ed25519 key (RFC 8410): this prefix, then its 32 bytes. */
const ed25519Prefix = Buffer.from('302a300506032b6570032100', 'hex');

/** RFC 8785: members sorted by UTF-16 code units, no white space; ECMAScript writes strings and numbers as it asks. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

const sha256 = (bytes) => createHash('sha256').update(bytes).digest();

/** Only the one base64url spelling of the bytes is read. */
function decode(text) {
  const bytes = Buffer.from(text, 'base64url');
  if (typeof text !== 'string' || bytes.toString('base64url') !== text) throw new Error('not base64url');
  return bytes;
}

function whyNotByKey({ publicKey, statement, signature }) {
  const der = Buffer.concat([ed25519Prefix, decode(publicKey)]);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return verify(null, Buffer.from(statement), key, decode(signature)) ? null : 'the signature is not of this text';
}

function whyNotByPasskey({ publicKey, statement, signature, passkey }) {
  const clientData = decode(passkey.clientData);
  const authenticatorData = decode(passkey.authenticatorData);
  const { type, challenge, origin, crossOrigin } = JSON.parse(clientData);
  if (type !== 'webauthn.get' || (crossOrigin ?? false) !== false) return 'the client data is of another ceremony';
  if (challenge !== sha256(Buffer.from(statement)).toString('base64url')) return 'the passkey answered another text';
  const { protocol, hostname } = new URL(origin);
  const isSecure = protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost');
  if (hostname !== passkey.rpId || !isSecure) return 'the passkey answered on another page';
  if (authenticatorData.length < 37) return 'the authenticator data is too short';
  if (!authenticatorData.subarray(0, 32).equals(sha256(passkey.rpId))) return 'the passkey answered another host';
  if ((authenticatorData[32] & 0x05) !== 0x05) return 'the authenticator did not verify who touched it';
  const key = createPublicKey({ key: decode(publicKey), format: 'der', type: 'spki' });
  const signed = Buffer.concat([authenticatorData, sha256(clientData)]);
  const digest = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  return verify(digest, signed, key, decode(signature)) ? null : 'the signature is not of this answer';
}

/** Why a yes does not hold; null where it does. */
function whyNot(body, statement, keysOf) {
  if (canonical(statement) !== body.statement) return 'the text is not canonical';
  const own = keysOf.get(body.operator) ?? new Set();
  if (!own.has(body.publicKey)) return 'the export does not say that this key is of this operator';
  return body.passkey === undefined ? whyNotByKey(body) : whyNotByPasskey(body);
}

const file = process.argv[2];
/** Keys and passkeys of each operator, in the order in which the ledger heard of them; a revoked one signs nothing later. */
const keysOf = new Map();
const passkeys = new Map();
const people = new Map();
let failed = 0;
let seen = 0;

for await (const text of createInterface({ input: file === undefined ? process.stdin : createReadStream(file) })) {
  if (text.trim() === '') continue;
  const { seq, at, event, body } = JSON.parse(text);
  const own = keysOf.get(body.operator) ?? new Set();
  keysOf.set(body.operator, own);
  if (event === 'operator.added' || event === 'passkey.added') {
    if (typeof body.publicKey === 'string') own.add(body.publicKey);
    if (event === 'passkey.added') passkeys.set(body.passkey, body.publicKey);
  }
  if (event === 'passkey.revoked') own.delete(passkeys.get(body.passkey));
  if (event === 'operator.suspended') own.clear();
  if (!approvalEvents.includes(event)) continue;
  seen += 1;
  let why;
  let statement = {};
  try {
    statement = JSON.parse(body.statement);
    why = whyNot(body, statement, keysOf);
  } catch (error) {
    why = `it cannot be read (${error.message})`;
  }
  const how = body.passkey === undefined ? 'key' : 'passkey';
  const said = `${statement.decision} ${body.subject} total ${statement.total} digest ${statement.digest}`;
  process.stdout.write(`${why === null ? 'holds ' : 'FAILS '} ${at} ${body.operator} by ${how}: ${said}\n`);
  if (why === null) {
    const yes = `${body.subject} ${statement.decision} ${statement.digest}`;
    people.set(yes, (people.get(yes) ?? new Set()).add(body.operator));
  } else {
    failed += 1;
    process.stderr.write(`Entry ${seq} does not hold: ${why}.\n`);
  }
}

for (const [yes, by] of people) process.stdout.write(`${by.size} said yes: ${yes} (${[...by].join(', ')})\n`);
if (seen === 0) process.stderr.write('There is no yes in this export.\n');
process.exit(failed === 0 && seen > 0 ? 0 : 1);
