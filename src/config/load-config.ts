import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { Failure } from '../domain/shared/failure.ts';
import type { Config } from './config.ts';
import type { Field, Known } from './field.ts';
import { absolutePath, fields, pathFields } from './fields.ts';
import { limitFields } from './limit-fields.ts';
import { nearName } from './near-name.ts';
import { readConfigFile } from './read-config-file.ts';
import { refuseUnsafeMix } from './refuse-unsafe-mix.ts';

/** Where a value came from; `name` is the variable, the flag or the file. */
export interface Origin {
  readonly from: 'flag' | 'env' | 'file' | 'default';
  readonly name: string;
}

/** By field name as in the YAML file (`port`, `limits.growth`); text as typed. */
export type Flags = Readonly<Record<string, string | undefined>>;

export interface LoadConfigInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: Flags;
  readonly cwd: string;
}

export interface LoadedConfig {
  readonly config: Config;
  readonly origins: ReadonlyMap<string, Origin>;
}

const configVariable = 'ALLCLEAR_CONFIG';
/** Read by the service beside us, often from the same environment. */
const variablesOfOthers: readonly string[] = ['ALLCLEAR_PASSWORD_CHECK_URL'];

interface Setting {
  readonly value: unknown;
  readonly origin: Origin;
}

interface NamedField {
  readonly name: string;
  readonly field: Field<unknown>;
}

const table: readonly NamedField[] = [
  ...Object.entries(fields).map(([name, field]): NamedField => ({ name, field })),
  ...Object.entries(limitFields).map(([name, field]): NamedField => ({ name: `limits.${name}`, field })),
];

/**
 * Settles every field: flags, then variables, then the YAML file of `ALLCLEAR_CONFIG`, then the default. `Failure('usage')`
 * names the field, where its value came from and what is wrong with it; a secret is never repeated.
 */
export function loadConfig({ env: rawEnv, flags, cwd }: LoadConfigInput): LoadedConfig {
  // An empty variable is an unset one, as in a shell or a compose file.
  const env = Object.fromEntries(Object.entries(rawEnv).filter(([, value]) => value !== undefined && value !== ''));
  const file = flags['config'] ?? env[configVariable];
  const fromFile = file === undefined ? new Map<string, unknown>() : readConfigFile(absolutePath(cwd, file));
  refuseUnknown(Object.keys(env), [...fromFile.keys()], Object.keys(flags), file);

  const values = new Map<string, unknown>();
  const origins = new Map<string, Origin>();
  for (const named of table) {
    const setting = settingOf(named, env, flags, fromFile, file ?? '', cwd);
    const value = setting === null ? named.field.default(knownSoFar(cwd, values)) : readValue(named, setting);
    const isPath = pathFields.some((name) => name === named.name);
    values.set(named.name, isPath && typeof value === 'string' ? absolutePath(cwd, value) : value);
    origins.set(named.name, setting?.origin ?? { from: 'default', name: 'default' });
  }
  const config = assemble(values);
  refuseUnsafeMix(config);
  return { config, origins };
}

function settingOf(
  { name, field }: NamedField,
  env: Readonly<Record<string, string | undefined>>,
  flags: Flags,
  fromFile: ReadonlyMap<string, unknown>,
  file: string,
  cwd: string,
): Setting | null {
  const flag = flags[name];
  if (flag !== undefined) return { value: flag, origin: { from: 'flag', name: `--${name}` } };
  const variable = env[field.env];
  const secretFile = field.secret ? env[`${field.env}_FILE`] : undefined;
  if (variable !== undefined && secretFile !== undefined) {
    throw new Failure('usage', `Both ${field.env} and ${field.env}_FILE are set. Unset one of them.`);
  }
  if (variable !== undefined) return { value: variable, origin: { from: 'env', name: field.env } };
  if (secretFile !== undefined) {
    return {
      value: readSecret(field, absolutePath(cwd, secretFile)),
      origin: { from: 'env', name: `${field.env}_FILE` },
    };
  }
  const origin: Origin = { from: 'file', name: file };
  const named = field.secret ? fromFile.get(secretFileName(name)) : undefined;
  if (named === undefined) return fromFile.has(name) ? { value: fromFile.get(name), origin } : null;
  if (fromFile.has(name) || typeof named !== 'string') {
    throw new Failure(
      'usage',
      `${file} has to say ${name} once: itself, or as ${secretFileName(name)}, the name of a file.`,
    );
  }
  return { value: readSecret(field, absolutePath(cwd, named), secretFileName(name)), origin };
}

/** A secret stays out of the YAML file: `smtpUrlFile: /etc/allclear/smtp.url`. */
export function secretFileName(name: string): string {
  return `${name}File`;
}

function readSecret(field: Field<unknown>, path: string, namedBy = `${field.env}_FILE`): string {
  try {
    // Editors and `echo` end a file with a line end that is no part of the secret.
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Failure('usage', `The file that ${namedBy} names cannot be read (${code}): ${path}`);
  }
}

function readValue({ name, field }: NamedField, { value, origin }: Setting): unknown {
  const read = field.schema.safeParse(value);
  if (read.success) return read.data;
  const shown = field.secret ? '' : ` (${JSON.stringify(value)})`;
  throw new Failure('usage', `${name} from ${origin.name}${shown}: ${whatIsWrong(read.error)}. ${field.meaning}`, {
    field: name,
    origin: origin.name,
  });
}

function whatIsWrong(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue?.code === 'invalid_union') return 'is not of the right kind';
  // zod's own messages name what was expected, never the value.
  return issue?.message ?? 'is not usable';
}

function knownSoFar(cwd: string, values: ReadonlyMap<string, unknown>): Known {
  return {
    cwd,
    home: values.get('home') as Known['home'],
    environment: values.get('environment') as Known['environment'],
    profile: values.get('profile') as Known['profile'],
    host: values.get('host') as Known['host'],
    port: values.get('port') as Known['port'],
  };
}

function assemble(values: ReadonlyMap<string, unknown>): Config {
  const pick = (names: readonly string[], prefix = ''): Record<string, unknown> =>
    Object.fromEntries(names.map((name) => [name, values.get(prefix + name)]));
  // Each value passed the schema of its own field, or is that field's default.
  return {
    ...pick(Object.keys(fields)),
    limits: pick(Object.keys(limitFields), 'limits.'),
  } as unknown as Config;
}

/** A misspelt name would leave the default in force while a person believes otherwise. */
function refuseUnknown(
  variables: readonly string[],
  settings: readonly string[],
  flags: readonly string[],
  file: string | undefined,
): void {
  const names = table.flatMap(({ name, field }) => (field.secret ? [name, secretFileName(name)] : [name]));
  const knownVariables = [
    configVariable,
    ...variablesOfOthers,
    ...table.flatMap(({ field }) => (field.secret ? [field.env, `${field.env}_FILE`] : [field.env])),
  ];
  for (const variable of variables) {
    if (!variable.startsWith('ALLCLEAR_') || knownVariables.includes(variable)) continue;
    throw unknownName(`The variable ${variable}`, variable, knownVariables);
  }
  for (const setting of settings) {
    if (!names.includes(setting)) throw unknownName(`"${setting}" in ${file ?? 'the config file'}`, setting, names);
  }
  for (const flag of flags) {
    if (flag !== 'config' && !names.includes(flag)) throw unknownName(`The flag --${flag}`, flag, names);
  }
}

function unknownName(what: string, name: string, known: readonly string[]): Failure {
  const near = nearName(name, known);
  const meant = near === null ? 'See: allclear config show' : `Did you mean ${near}?`;
  return new Failure('usage', `${what} is not known. ${meant}`, { name });
}
