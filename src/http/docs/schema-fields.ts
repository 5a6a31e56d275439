import { html } from 'hono/html';
import type { JsonSchema } from '../describe-api.ts';
import type { Html } from '../public/page-layout.ts';

/** Deeper than any of our shapes; a shape that named itself would end here. */
const maxDepth = 8;

/** Whether a person fills the shape in, and has to know what they must give, or reads it. */
export type FieldsOf = 'question' | 'answer';

/** A shape as a list of its fields, for a person. Empty where it has none that are known in advance. */
export function schemaFields(schema: JsonSchema, of: FieldsOf, depth = 0): Html {
  if (depth > maxDepth) return html``;
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) {
    return html`<ul class="fields">
      ${choices.map((choice) => html`<li><span class="kind">either</span> ${schemaFields(choice, of, depth + 1)}</li>`)}
    </ul>`;
  }
  if (schema.items !== undefined) return schemaFields(schema.items, of, depth + 1);
  if (schema.properties === undefined) return html``;
  const required = schema.required ?? [];
  return html`<ul class="fields">
    ${Object.entries(schema.properties).map(
      ([name, field]) =>
        html`<li>
          ${fieldLine(name, field, { of, isRequired: required.includes(name) })} ${schemaFields(field, of, depth + 1)}
        </li>`,
    )}
  </ul>`;
}

interface FieldFacts {
  readonly of: FieldsOf;
  readonly isRequired: boolean;
  readonly place?: string;
}

export function fieldLine(name: string, field: JsonSchema, { of, isRequired, place }: FieldFacts): Html {
  const text = field.description ?? field.items?.description;
  const kind = [kindOf(field), ...(place === undefined ? [] : [place]), ...defaultOf(field)].join(', ');
  return html`<code>${name}</code> <span class="kind">${kind}</span> ${presence(of, isRequired)}
    ${text === undefined ? '' : html`<br />${withCode(text)}`}`;
}

/** What stands between back quotes as code, as in the Markdown of the OpenAPI document. */
export function withCode(text: string): Html {
  return html`${text.split('`').map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

function presence(of: FieldsOf, isRequired: boolean): Html | string {
  if (of === 'question') return isRequired ? html`<span class="kind must">required</span>` : '';
  return isRequired ? '' : html`<span class="kind">may be absent</span>`;
}

/** `text`, `number or null`, `one of a, b`, `list of text`: words and no keywords of a schema. */
function kindOf(schema: JsonSchema): string {
  if (schema.enum !== undefined) {
    return schema.enum.length === 1 ? `always ${say(schema.enum[0])}` : `one of ${schema.enum.map(say).join(', ')}`;
  }
  if (schema.oneOf !== undefined || schema.anyOf !== undefined) return 'one of these shapes';
  if (schema.properties === undefined && typeof schema.additionalProperties === 'object') {
    return `${kindOf(schema.additionalProperties)} by word`;
  }
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  const named = types.map((type) =>
    type === 'array' ? `list of ${kindOf(schema.items ?? {})}` : (words[type] ?? type),
  );
  return named.length === 0 ? 'anything' : named.join(' or ');
}

const words: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'true or false',
  object: 'object',
  null: 'null',
};

function defaultOf(schema: JsonSchema): readonly string[] {
  return schema.default === undefined ? [] : [`else ${say(schema.default)}`];
}

function say(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
