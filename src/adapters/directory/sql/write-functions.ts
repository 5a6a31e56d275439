import pg from 'pg';
import { Failure } from '../../../domain/shared/failure.ts';
import type { FittedMapping } from './fit-mapping.ts';
import { readColumns } from './fit-mapping.ts';
import type { Mapping } from './mapping.ts';
import { suspensionFunctions, suspensionSignaturesOf } from './write-suspension.ts';

/** SQLSTATE of our own class: the cap of the hour is used up. */
export const capReached = 'ALC01';
const bodyTag = '$allclear$';

export interface GrantOptions {
  readonly role: string;
  readonly database: string;
  /** Accounts that may be quarantined, restored, signed out, suspended and reinstated, each, in any hour. */
  readonly capPerHour: number;
  /** The role by which hosted recovery sets passwords, apart from `role`; none where it is not wanted. */
  readonly recoveryRole?: string | null;
}

/**
 * The SQL that a DBA reads and runs once: the role, the columns that it may read, and in `functions` mode the
 * functions by which alone it can act. Running it again changes nothing but the cap and the functions' text.
 */
export function writeGrants(mapping: Mapping, fitted: FittedMapping, options: GrantOptions): string {
  const role = pg.escapeIdentifier(options.role);
  const schemas = new Set([mapping.accounts.schema, mapping.credential.schema]);
  if (mapping.sessions.kind === 'table') schemas.add(mapping.sessions.schema);
  const reads = [...readColumns(mapping)].map(
    ([table, columns]) => `GRANT SELECT (${columns.join(', ')}) ON ${table} TO ${role};`,
  );
  const writes =
    mapping.mode === 'functions'
      ? writeFunctions(fitted, role, options)
      : [
          '-- Direct mode: whoever holds this role can write any hash. Prefer the functions.',
          `GRANT UPDATE (${[fitted.hash, fitted.setAtWrite?.column ?? []].flat().join(', ')}) ON ${fitted.credentials} TO ${role};`,
          ...grantSessions(fitted, role),
          ...(fitted.suspension === null
            ? []
            : [`GRANT UPDATE (${fitted.suspension}) ON ${fitted.accounts} TO ${role};`]),
        ];
  const text = [
    '-- What Allclear needs of this database. Read it, then run it once as the owner of these tables.',
    'BEGIN;',
    ...createRole(options.role, options.database),
    ...[...schemas].map((schema) => `GRANT USAGE ON SCHEMA ${pg.escapeIdentifier(schema)} TO ${role};`),
    ...reads,
    ...writes,
    'COMMIT;',
    `-- Then give the role a password, in psql: \\password ${options.role}`,
    ...(recoveryRoleOf(mapping, options) === null ? [] : [`-- and the other one: \\password ${options.recoveryRole}`]),
    '',
  ].join('\n');
  requireWholeBodies(text, fitted, recoveryRoleOf(mapping, options) === null ? 0 : 1);
  return text;
}

function createRole(name: string, database: string): readonly string[] {
  const role = pg.escapeIdentifier(name);
  return [
    'DO $do$ BEGIN',
    `  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ${pg.escapeLiteral(name)}) THEN`,
    `    CREATE ROLE ${role} LOGIN;`,
    '  END IF;',
    'END $do$;',
    `GRANT CONNECT ON DATABASE ${pg.escapeIdentifier(database)} TO ${role};`,
  ];
}

/** In direct mode our one role writes hashes anyway. */
function recoveryRoleOf(mapping: Mapping, { recoveryRole = null }: GrantOptions): string | null {
  return mapping.mode === 'functions' ? recoveryRole : null;
}

function grantSessions({ sessions, accounts }: FittedMapping, role: string): readonly string[] {
  switch (sessions.kind) {
    case 'table':
      return [`GRANT DELETE ON ${sessions.table} TO ${role};`];
    case 'column':
      return [`GRANT UPDATE (${sessions.column}) ON ${accounts} TO ${role};`];
    case 'none':
      return [];
  }
}

/** The functions that our role may execute. */
export function signaturesOf(fitted: FittedMapping): readonly string[] {
  const { functions, idType, sessions } = fitted;
  return [
    `${functions}.allclear_quarantine(${idType}, text, text)`,
    `${functions}.allclear_restore(${idType}, text)`,
    ...(sessions.kind === 'none' ? [] : [`${functions}.allclear_end_sessions(${idType})`]),
    ...suspensionSignaturesOf(fitted),
  ];
}

/** The one function of hosted recovery, for a role that may execute nothing else. */
export function recoverySignatureOf({ functions, idType }: FittedMapping): string {
  return `${functions}.allclear_set_password(${idType}, text, text)`;
}

function writeFunctions(
  fitted: FittedMapping,
  role: string,
  { capPerHour, recoveryRole = null, database }: GrantOptions,
): readonly string[] {
  const guard = fitted.functions;
  const signatures = signaturesOf(fitted);
  const capped = [
    'quarantine',
    'restore',
    ...(fitted.sessions.kind === 'none' ? [] : ['end_sessions']),
    ...(fitted.suspension === null ? [] : ['suspend', 'reinstate']),
    ...(recoveryRole === null ? [] : ['set_password']),
  ];
  return [
    '',
    `CREATE SCHEMA IF NOT EXISTS ${guard};`,
    `REVOKE ALL ON SCHEMA ${guard} FROM PUBLIC;`,
    `GRANT USAGE ON SCHEMA ${guard} TO ${role};`,
    '-- Old hashes, for the way back. Only the owner reads this. A hash is emptied when it was given back; delete rows',
    `-- when no retraction may need them any more: DELETE FROM ${guard}.kept_hash WHERE kept_at < now() - interval '30 days';`,
    `CREATE TABLE IF NOT EXISTS ${guard}.kept_hash (`,
    `  account ${fitted.idType} NOT NULL, marker text NOT NULL, hash text, digest bytea NOT NULL,`,
    '  kept_at timestamptz NOT NULL DEFAULT clock_timestamp(),',
    '  CONSTRAINT kept_hash_pkey PRIMARY KEY (account, marker));',
    `CREATE TABLE IF NOT EXISTS ${guard}.cap (what text PRIMARY KEY, per_hour integer NOT NULL CHECK (per_hour >= 0));`,
    `CREATE TABLE IF NOT EXISTS ${guard}.spent (`,
    '  what text NOT NULL, minute timestamptz NOT NULL, count integer NOT NULL,',
    '  CONSTRAINT spent_pkey PRIMARY KEY (what, minute));',
    `REVOKE ALL ON ${guard}.kept_hash, ${guard}.cap, ${guard}.spent FROM PUBLIC;`,
    `INSERT INTO ${guard}.cap VALUES ${capped.map((what) => `('${what}', ${capPerHour})`).join(', ')}`,
    '  ON CONFLICT (what) DO UPDATE SET per_hour = EXCLUDED.per_hour;',
    '',
    countFunction(guard),
    quarantineFunction(fitted),
    restoreFunction(fitted),
    ...endSessionsFunction(fitted),
    ...suspensionFunctions(fitted),
    `REVOKE ALL ON FUNCTION ${guard}.count_one(text) FROM PUBLIC;`,
    ...signatures.map((signature) => `REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC;`),
    ...signatures.map((signature) => `GRANT EXECUTE ON FUNCTION ${signature} TO ${role};`),
    ...(recoveryRole === null ? [] : writeRecovery(fitted, recoveryRole, database)),
  ];
}

/** A role of its own: the one that quarantines must not be able to choose what comes after. */
function writeRecovery(fitted: FittedMapping, name: string, database: string): readonly string[] {
  const role = pg.escapeIdentifier(name);
  const signature = recoverySignatureOf(fitted);
  return [
    '',
    '-- Hosted recovery. This role can execute one function, and read nothing.',
    ...createRole(name, database),
    `GRANT USAGE ON SCHEMA ${fitted.functions} TO ${role};`,
    setPasswordFunction(fitted),
    `REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC;`,
    `GRANT EXECUTE ON FUNCTION ${signature} TO ${role};`,
  ];
}

function setPasswordFunction(fitted: FittedMapping): string {
  const guard = fitted.functions;
  const { setAtWrite } = fitted;
  const setAt = setAtWrite === null ? '' : `, ${setAtWrite.column} = ${setAtWrite.now}`;
  return `-- Writes the hash of a password that its holder has just chosen, only over a marker that this database put there itself,
-- and never the hash that was taken out of use. The old hash is emptied: there is no way back to it from here on.
CREATE OR REPLACE FUNCTION ${guard}.allclear_set_password(account ${fitted.idType}, marker text, hash text) RETURNS text
LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS ${bodyTag}
DECLARE
  kept ${guard}.kept_hash;
BEGIN
  IF hash LIKE 'allclear-q1$%' OR length(hash) < 20 THEN
    RAISE EXCEPTION USING ERRCODE = 'ALC02', MESSAGE = 'this is no hash of a password';
  END IF;
  PERFORM FROM ${guard}.cap c WHERE c.what = 'set_password' FOR UPDATE;
  SELECT k.* INTO kept FROM ${guard}.kept_hash k
    WHERE k.account = allclear_set_password.account AND k.marker = allclear_set_password.marker FOR UPDATE;
  IF kept.hash IS NOT NULL AND kept.hash <> allclear_set_password.hash THEN
    UPDATE ${fitted.credentials} c SET ${fitted.hash} = allclear_set_password.hash${setAt}
    WHERE c.${fitted.credentialAccount} = allclear_set_password.account
      AND c.${fitted.hash} = allclear_set_password.marker${fitted.andIsPassword('c')};
    IF FOUND THEN
      PERFORM ${guard}.count_one('set_password');
      UPDATE ${guard}.kept_hash k SET hash = NULL
        WHERE k.account = allclear_set_password.account AND k.marker = allclear_set_password.marker;
      RETURN 'swapped';
    END IF;
  END IF;
  RETURN CASE WHEN EXISTS (SELECT FROM ${fitted.accounts} a WHERE ${fitted.id} = allclear_set_password.account)
    THEN 'changed' ELSE 'missing' END;
END ${bodyTag};
`;
}

/** Minutes are counted, and one more than sixty of them: so in every sliding hour, and never one too many. */
function countFunction(guard: string): string {
  return `-- Every caller holds the lock on the cap's row from its first act on, so that two never count the same place.
CREATE OR REPLACE FUNCTION ${guard}.count_one(what text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS ${bodyTag}
DECLARE
  this_minute timestamptz := date_trunc('minute', clock_timestamp());
  allowed integer := (SELECT c.per_hour FROM ${guard}.cap c WHERE c.what = count_one.what);
  used bigint := (SELECT coalesce(sum(s.count), 0) FROM ${guard}.spent s
    WHERE s.what = count_one.what AND s.minute >= this_minute - interval '60 minutes');
BEGIN
  IF allowed IS NULL OR used >= allowed THEN
    RAISE EXCEPTION USING ERRCODE = '${capReached}', MESSAGE = format(
      'the database lets Allclear %s at most %s accounts an hour, and %s are used. Wait, or let the DBA raise per_hour in ${guard.replaceAll('"', '')}.cap.',
      replace(count_one.what, '_', ' '), coalesce(allowed, 0), used);
  END IF;
  INSERT INTO ${guard}.spent AS s VALUES (count_one.what, this_minute, 1)
    ON CONFLICT ON CONSTRAINT spent_pkey DO UPDATE SET count = s.count + 1;
  DELETE FROM ${guard}.spent s WHERE s.what = count_one.what AND s.minute < this_minute - interval '1 day';
END ${bodyTag};
`;
}

function quarantineFunction(fitted: FittedMapping): string {
  const guard = fitted.functions;
  return `-- 'swapped', 'already', 'changed' or 'missing'. A marker fits no hash scheme: nothing that signs in can be written.
CREATE OR REPLACE FUNCTION ${guard}.allclear_quarantine(account ${fitted.idType}, expected text, marker text) RETURNS text
LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS ${bodyTag}
BEGIN
  IF marker !~ '^allclear-q1[$]rp_[0-9]{1,16}[$][0-9a-f]{32}:-$' THEN
    RAISE EXCEPTION USING ERRCODE = 'ALC02', MESSAGE = 'this is no marker of Allclear, and nothing else may be written';
  END IF;
  PERFORM FROM ${guard}.cap c WHERE c.what = 'quarantine' FOR UPDATE;
  -- One marker in the place of another would keep a marker for a hash.
  IF expected LIKE 'allclear-q1$%' OR expected = '' THEN
    RETURN 'changed';
  END IF;
  -- An account with two passwords is left alone: the service may take either.
  IF (SELECT count(*) FROM ${fitted.credentials} c WHERE c.${fitted.credentialAccount} = allclear_quarantine.account
      AND c.${fitted.hash} <> ''${fitted.andIsPassword('c')}) > 1 THEN
    RETURN 'changed';
  END IF;
  UPDATE ${fitted.credentials} c SET ${fitted.hash} = allclear_quarantine.marker
    WHERE c.${fitted.credentialAccount} = allclear_quarantine.account
      AND c.${fitted.hash} = allclear_quarantine.expected${fitted.andIsPassword('c')};
  IF FOUND THEN
    PERFORM ${guard}.count_one('quarantine');
    INSERT INTO ${guard}.kept_hash AS k (account, marker, hash, digest)
      VALUES (allclear_quarantine.account, allclear_quarantine.marker, allclear_quarantine.expected,
        sha256(convert_to(allclear_quarantine.expected, 'UTF8')))
      ON CONFLICT ON CONSTRAINT kept_hash_pkey
      DO UPDATE SET hash = EXCLUDED.hash, digest = EXCLUDED.digest, kept_at = clock_timestamp();
    RETURN 'swapped';
  END IF;
  IF NOT EXISTS (SELECT FROM ${fitted.accounts} a WHERE ${fitted.id} = allclear_quarantine.account) THEN
    RETURN 'missing';
  END IF;
  RETURN CASE WHEN EXISTS (
      SELECT FROM ${fitted.credentials} c WHERE c.${fitted.credentialAccount} = allclear_quarantine.account
        AND c.${fitted.hash} = allclear_quarantine.marker${fitted.andIsPassword('c')})
    THEN 'already' ELSE 'changed' END;
END ${bodyTag};
`;
}

function restoreFunction(fitted: FittedMapping): string {
  const guard = fitted.functions;
  return `-- Gives back the hash that this database kept for this account and marker, and no other, while the marker stands.
CREATE OR REPLACE FUNCTION ${guard}.allclear_restore(account ${fitted.idType}, marker text) RETURNS text
LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS ${bodyTag}
DECLARE
  kept ${guard}.kept_hash;
BEGIN
  PERFORM FROM ${guard}.cap c WHERE c.what = 'restore' FOR UPDATE;
  SELECT k.* INTO kept FROM ${guard}.kept_hash k
    WHERE k.account = allclear_restore.account AND k.marker = allclear_restore.marker FOR UPDATE;
  IF kept.hash IS NOT NULL THEN
    UPDATE ${fitted.credentials} c SET ${fitted.hash} = kept.hash
    WHERE c.${fitted.credentialAccount} = allclear_restore.account
      AND c.${fitted.hash} = allclear_restore.marker${fitted.andIsPassword('c')};
    IF FOUND THEN
      PERFORM ${guard}.count_one('restore');
      UPDATE ${guard}.kept_hash k SET hash = NULL
        WHERE k.account = allclear_restore.account AND k.marker = allclear_restore.marker;
      RETURN 'swapped';
    END IF;
  END IF;
  IF NOT EXISTS (SELECT FROM ${fitted.accounts} a WHERE ${fitted.id} = allclear_restore.account) THEN
    RETURN 'missing';
  END IF;
  RETURN CASE WHEN EXISTS (
      SELECT FROM ${fitted.credentials} c WHERE c.${fitted.credentialAccount} = allclear_restore.account
        AND sha256(convert_to(c.${fitted.hash}, 'UTF8')) = kept.digest${fitted.andIsPassword('c')})
    THEN 'already' ELSE 'changed' END;
END ${bodyTag};
`;
}

function endSessionsFunction(fitted: FittedMapping): readonly string[] {
  const { functions: guard, sessions } = fitted;
  if (sessions.kind === 'none') return [];
  const what =
    sessions.kind === 'table'
      ? 'The number of sessions ended; null where there is no such account.'
      : '1 where every session of the account is refused from now on; null where there is no such account.';
  const act =
    sessions.kind === 'table'
      ? `DELETE FROM ${sessions.table} s WHERE s.${sessions.account} = allclear_end_sessions.account;`
      : `UPDATE ${fitted.accounts} a SET ${sessions.column} = ${sessions.next} WHERE ${fitted.id} = allclear_end_sessions.account;`;
  return [
    `-- ${what}
CREATE OR REPLACE FUNCTION ${guard}.allclear_end_sessions(account ${fitted.idType}) RETURNS integer
LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS ${bodyTag}
DECLARE
  ended integer;
BEGIN
  PERFORM FROM ${guard}.cap c WHERE c.what = 'end_sessions' FOR UPDATE;
  IF NOT EXISTS (SELECT FROM ${fitted.accounts} a WHERE ${fitted.id} = allclear_end_sessions.account) THEN
    RETURN NULL;
  END IF;
  ${act}
  GET DIAGNOSTICS ended = ROW_COUNT;
  IF ended > 0 THEN
    PERFORM ${guard}.count_one('end_sessions');
  END IF;
  RETURN ended;
END ${bodyTag};
`,
  ];
}

/** A name or value that holds the tag would end a function's body early. */
function requireWholeBodies(text: string, fitted: FittedMapping, forRecovery: number): void {
  const tags = text.split(bodyTag).length - 1;
  // Two for each function that is granted, and two for the one that counts.
  if (tags === 0 || tags === 2 * (signaturesOf(fitted).length + 1 + forRecovery)) return;
  throw new Failure('usage', `A name or a value of the mapping holds ${bodyTag}. Write the functions by hand.`);
}
