import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Field } from './field.ts';
import { fields } from './fields.ts';
import { secretFileName } from './load-config.ts';

export interface ComposedConfig {
  /** The whole file, with what each setting means. No secret is in it. */
  readonly yaml: string;
  /** Each secret in a file of its own, named by the YAML. */
  readonly secrets: readonly { readonly path: string; readonly value: string }[];
}

const limitPrefix = 'limits.';

/** The one file that an installation reads, from settled values by field name, in the order of the table of fields. */
export function composeConfigFile(values: Readonly<Record<string, string>>, secretFolder: string): ComposedConfig {
  const secrets: { path: string; value: string }[] = [];
  const blocks = Object.entries(fields as Readonly<Record<string, Field<unknown>>>).flatMap(([name, field]) => {
    const value = values[name];
    if (value === undefined) return [];
    const why = [`# ${field.meaning}`, `# When wrong: ${field.whenWrong}`];
    if (!field.secret) return [[...why, line(name, value)].join('\n')];
    const path = join(secretFolder, field.env.toLowerCase().replaceAll('_', '-'));
    secrets.push({ path, value });
    return [
      [
        ...why,
        '# A secret: it stands in that file, readable by its owner alone.',
        line(secretFileName(name), path),
      ].join('\n'),
    ];
  });
  const limits = Object.entries(values).filter(([name]) => name.startsWith(limitPrefix));
  if (limits.length > 0) {
    const lines = limits.map(([name, value]) => `  ${line(name.slice(limitPrefix.length), value)}`);
    blocks.push(['# Brakes other than the usual ones.', 'limits:', ...lines].join('\n'));
  }
  const head = [
    '# The settings of this Allclear. It reads them where ALLCLEAR_CONFIG names this file; variables go before it.',
    '# All there are, with where each value came from: allclear config show',
  ].join('\n');
  return { yaml: `${[head, ...blocks].join('\n\n')}\n`, secrets };
}

function line(name: string, value: string): string {
  const isNumber = name === 'port';
  return stringify({ [name]: isNumber ? Number(value) : value }, { lineWidth: 0 }).trimEnd();
}
