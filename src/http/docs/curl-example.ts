import { ndjson } from '../../contract/answers.ts';
import type { ApiOperation, ApiParameter } from '../describe-api.ts';

/** One call as it is typed into a shell. The token is read from a file: a command line is seen by every user of the machine. */
export function curlExample(method: string, path: string, operation: ApiOperation): string {
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => exampleOf(operation, name));
  const query = (operation.parameters ?? [])
    .filter((one) => one.in === 'query' && one.required === true)
    .map((one) => `${one.name}=${encodeURIComponent(sayExample(one))}`);
  const url = `"$ALLCLEAR_URL${address}${query.length === 0 ? '' : `?${query.join('&')}`}"`;
  const body = bodyOf(operation);
  const parts = [
    [
      'curl',
      ...(isStream(operation) ? ['-N'] : []),
      ...(method === 'get' || body !== null ? [] : [`-X ${method.toUpperCase()}`]),
      ...authorizationOf(operation),
    ].join(' '),
    ...(body ?? []),
    url,
  ];
  return parts.join(' \\\n  ');
}

function authorizationOf(operation: ApiOperation): readonly string[] {
  switch (operation['x-caller']) {
    case 'person':
      return ['-H @auth.txt'];
    case 'service':
      return ['-H @service.txt'];
    case 'signature':
    case 'anyone':
      return [];
  }
}

/** With a body curl sends a POST by itself. */
function bodyOf({ requestBody }: ApiOperation): readonly string[] | null {
  const [entry] = Object.entries(requestBody?.content ?? {});
  if (entry === undefined) return null;
  const [type, { example }] = entry;
  if (example === undefined) return [`-H 'Content-Type: ${type}'`, '-T leak.txt -X POST'];
  return [`-H 'Content-Type: ${type}'`, `-d '${JSON.stringify(example).replaceAll("'", `'\\''`)}'`];
}

function isStream({ responses }: ApiOperation): boolean {
  return responses['200']?.description.includes(ndjson) === true;
}

function exampleOf({ parameters = [] }: ApiOperation, name: string): string {
  const parameter = parameters.find((one) => one.in === 'path' && one.name === name);
  return parameter === undefined ? name : sayExample(parameter);
}

function sayExample({ name, schema }: ApiParameter): string {
  return typeof schema.example === 'string' ? schema.example : name;
}
