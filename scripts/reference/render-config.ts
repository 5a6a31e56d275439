import type { Field, Known } from '../../src/config/field.ts';
import { fields } from '../../src/config/fields.ts';
import { limitFields } from '../../src/config/limit-fields.ts';
import { markdownTable, page } from './markdown.ts';

type AnyField = Field<unknown>;

const known = (environment: Known['environment']): Known => ({
  cwd: '.',
  home: '.allclear',
  host: '127.0.0.1',
  port: 8470,
  environment,
  profile: 'standard',
});

export function render(): string {
  return page('Settings', '`src/config/fields.ts` and `src/config/limit-fields.ts`', [
    'A variable wins over the YAML file that `ALLCLEAR_CONFIG` names, the file over the default; `--url` of the command line wins',
    'over all. An empty variable is an unset one. A secret can also come from a file that `<VARIABLE>_FILE` names. A name that is',
    'not known is an error. `allclear config show` says what is in force here, and where each value came from.',
    '',
    '## The installation',
    '',
    ...tableOf(Object.entries(fields), ''),
    '',
    '## The brakes',
    '',
    'Those of a plan are frozen into its digest: approvers see them, and a change afterwards is another plan.',
    '',
    ...tableOf(Object.entries(limitFields), 'limits.'),
  ]);
}

function tableOf(entries: readonly (readonly [string, AnyField])[], prefix: string): string[] {
  return markdownTable(
    ['Setting', 'Variable', 'Meaning', 'Unit', 'Default', 'When it is wrong'],
    entries.map(([name, field]) => [
      `\`${prefix}${name}\``,
      `\`${field.env}\`${field.secret ? ' (secret)' : ''}`,
      field.meaning,
      field.unit ?? '',
      defaultOf(field),
      field.whenWrong,
    ]),
  );
}

/** One value where all environments agree; else both, since a person who reads `sample` figures must not plan by them. */
function defaultOf(field: AnyField): string {
  const production = inWords(field.default(known('production')));
  const sample = inWords(field.default(known('sample')));
  return production === sample ? production : `${production}; in the sample environment ${sample}`;
}

function inWords(value: unknown): string {
  if (value === null) return 'none';
  return `\`${Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
