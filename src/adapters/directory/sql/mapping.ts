import { parse } from 'yaml';
import { z } from 'zod';
import { Failure } from '../../../domain/shared/failure.ts';

/** Postgres cuts longer identifiers silently (NAMEDATALEN - 1), and would then meet another column. */
const longestName = 63;
/** A mapping is some dozen lines of a person's hand. */
const largestFile = 65_536;

const name = z
  .string()
  .min(1)
  .refine(
    (value) => Buffer.byteLength(value) <= longestName && !value.includes('\0'),
    'is no name of a table or column',
  );
const value = z.string().refine((text) => !text.includes('\0'), 'holds a NUL');

const accounts = z.strictObject({
  schema: name.default('public'),
  table: name,
  id: name,
  address: name,
  /** A column (true, or a time that is not null), or true or false for everybody. */
  addressConfirmed: z.union([z.boolean(), name]),
  addressChangedAt: name.optional(),
  language: name.optional(),
  /** A text with IANA names, or a whole number: minutes east of UTC. */
  timeZone: name.optional(),
  /** A time: when the account last signed in with success. */
  lastSignInAt: name.optional(),
  /** The first that fits says as what an account is protected. Without `equals` the column is a boolean. */
  protected: z
    .array(z.strictObject({ as: z.string().min(1), column: name, equals: z.array(value).min(1).optional() }))
    .default([]),
});
const credential = z.strictObject({
  schema: name.default('public'),
  table: name,
  /** The column that names the account; in the table of accounts itself, its id. */
  account: name,
  hash: name,
  /** As evidence is verified: bcrypt, argon2id, ...; `other` where Allclear cannot verify a leaked password. */
  scheme: z.string().min(1),
  setAt: name.optional(),
  /** Only rows whose column holds this text, where one table keeps several ways to sign in. */
  only: z.strictObject({ column: name, equals: value }).optional(),
});
/** A row of the table is a session: deleting it signs its holder out. */
const sessionTable = z.strictObject({
  kind: z.literal('table'),
  schema: name.default('public'),
  table: name,
  account: name,
});
/** A column of the accounts: the service refuses every session that was opened under another value of it. */
const sessionColumn = z.strictObject({ kind: z.literal('column'), column: name });
/** Nothing in the database ends a session. */
const noSessions = z.strictObject({
  kind: z.literal('none'),
  /** The longest that a session lives after it was opened, renewals included. */
  liveMinutes: z.number().int().min(1).max(525_600),
});
const sessions = z.preprocess(
  // The usual form needs no word for it.
  (value) => (typeof value === 'object' && value !== null && !('kind' in value) ? { kind: 'table', ...value } : value),
  z.discriminatedUnion('kind', [sessionTable, sessionColumn, noSessions]),
);
/** A column of the accounts that the service looks at whenever somebody signs in or is shown: any text in it is a suspension. */
const suspension = z.strictObject({ column: name });
/** Stands in SQL that a person reads and runs, also in comments. */
const functions = z.strictObject({
  schema: z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/, 'is not made of a-z, 0-9 and _'),
});

const mapping = z.strictObject({
  version: z.literal(1),
  accounts,
  credential,
  sessions,
  /** Without it accounts of this directory cannot be suspended. */
  suspension: suspension.optional(),
  addressComparison: z.enum(['ascii-lower', 'exact']),
  /** The marker stands where the hash stood; it fits no scheme. */
  quarantine: z.literal('prefix-marker'),
  /** `functions`: by functions that the DBA owns. `direct`: our role may write hashes itself. */
  mode: z.enum(['functions', 'direct']),
  functions: functions.default({ schema: 'allclear_guard' }),
  /** What lives on after a quarantine in this very service; stands in every plan. */
  collateral: z.array(z.string().min(1)).max(20).default([]),
});

/** How a service's own tables are read as a directory. Names are raw: they are checked and quoted where they are used. */
export type Mapping = z.infer<typeof mapping>;

const sections: Readonly<Record<string, z.ZodObject>> = {
  accounts,
  credential,
  sessions: z.strictObject({ ...sessionTable.shape, ...sessionColumn.shape, ...noSessions.shape }),
  suspension,
  functions,
  protected: z.object({ as: z.string(), column: name, equals: z.string() }),
  only: z.object({ column: name, equals: value }),
};

/** Reads a mapping file (YAML). `Failure('usage')` names what is wrong with it and, for an unknown key, the near one. */
export function parseMapping(
  text: string,
  path: string,
  nearName: (name: string, known: readonly string[]) => string | null,
): Mapping {
  if (text.length > largestFile) throw unfit(path, 'it is larger than 64 KB');
  const read = mapping.safeParse(parseYaml(text, path));
  if (read.success) return read.data;
  // A misspelt name is also missing under its right one: the slip is what helps.
  const { issues } = read.error;
  const issue = issues.find((one) => one.code === 'unrecognized_keys') ?? issues[0];
  if (issue?.code !== 'unrecognized_keys') {
    throw unfit(path, `${issue?.path.join('.') ?? 'it'}: ${issue?.message ?? 'is not usable'}`);
  }
  const section = issue.path.findLast((part) => typeof part === 'string');
  const known = Object.keys((section === undefined ? mapping : sections[section])?.shape ?? {});
  const unknown = issue.keys[0] ?? '';
  const near = nearName(unknown, known);
  const meant = near === null ? `Known here: ${known.join(', ')}` : `Did you mean ${near}?`;
  throw unfit(path, `"${[...issue.path, unknown].join('.')}" is not known. ${meant}`);
}

function parseYaml(text: string, path: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch (cause) {
    const { linePos } = cause as { linePos?: readonly { line: number }[] };
    throw unfit(path, `it is no YAML, near line ${linePos?.[0]?.line ?? 1}`);
  }
}

function unfit(path: string, why: string): Failure {
  return new Failure('usage', `The mapping ${path} is not used: ${why}`.replace(/[^.?]$/, '$&.'));
}
