import { fields } from './fields.ts';
import { limitFields } from './limit-fields.ts';
import type { LoadedConfig, Origin } from './load-config.ts';

/** One setting as it is in force. A secret's value is never in it. */
export interface DescribedField {
  /** As in the YAML file and as a flag: `port`, `limits.growth`. */
  readonly name: string;
  readonly env: string;
  /** Null where it has none. Of a secret URL what says where it leads; of any other secret three stars. */
  readonly value: string | number | boolean | readonly number[] | readonly string[] | null;
  readonly isSecret: boolean;
  readonly from: Origin['from'];
  /** The flag, variable or file that said so; `default` where nothing did. */
  readonly origin: string;
  readonly meaning: string;
  readonly unit: string | null;
  readonly whenWrong: string;
}

const hidden = '***';

/** Every field in the order of its table, with where its value came from. */
export function describeConfig({ config, origins }: LoadedConfig): readonly DescribedField[] {
  const own = Object.entries(fields).map(([name, field]) => ({ name, field, value: valueOf(config, name) }));
  const limits = Object.entries(limitFields).map(([name, field]) => ({
    name: `limits.${name}`,
    field,
    value: valueOf(config.limits, name),
  }));
  return [...own, ...limits].map(({ name, field, value }) => {
    const origin = origins.get(name) ?? { from: 'default', name: 'default' };
    return {
      name,
      env: field.env,
      value: field.secret && value !== null ? maskSecret(String(value)) : value,
      isSecret: field.secret,
      from: origin.from,
      origin: origin.name,
      meaning: field.meaning,
      unit: field.unit,
      whenWrong: field.whenWrong,
    };
  });
}

/** A database's or mailer's URL keeps its place and loses who signs in there and every parameter: those may be secrets too. */
function maskSecret(value: string): string {
  if (!URL.canParse(value)) return hidden;
  const { protocol, host, pathname, username, password } = new URL(value);
  if (host === '' && pathname === '') return hidden;
  return `${protocol}//${username === '' && password === '' ? '' : `${hidden}@`}${host}${pathname}`;
}

function valueOf(table: object, name: string): DescribedField['value'] {
  // Each field's schema yields one of these kinds, or null.
  return (table as Readonly<Record<string, DescribedField['value']>>)[name] ?? null;
}
