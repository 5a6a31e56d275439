import type { Problem } from '../../../src/contract/problem.ts';
import { Refused, unanswered } from './refused.ts';
import type { Answer, Input, RouteName } from './routes.ts';
import type { Where } from './where.ts';

/** A whole ledger takes minutes to verify; a server that takes longer is not going to answer. */
const answerTimeoutMs = 600_000;

interface Parts {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
}

interface Conditions {
  readonly signal?: AbortSignal;
  /** The tag of what was on the screen: refused when it has changed since. */
  readonly ifMatch?: string;
  /** The page looks by itself, and no person asked: it keeps no session open. */
  readonly isBackground?: boolean;
  /** Left out: the real thing. */
  readonly where?: Where;
}

/** One JSON answer of the API, under the session's cookie. Throws `Refused`. */
export async function call<Name extends RouteName>(
  name: Name,
  input: Input<Name>,
  conditions: Conditions = {},
): Promise<Answer<Name>> {
  const response = await send(name, input, conditions);
  return (await response.json()) as Answer<Name>;
}

/** The response as it comes, for streams. A refusal is thrown here already. */
export async function send(
  name: string,
  given: object,
  { signal, ifMatch, isBackground, where = 'live' }: Conditions,
  upload?: Blob,
): Promise<Response> {
  const [method = 'get', path = ''] = name.split(' ');
  const input = given as Parts;
  const headers: Record<string, string> = {};
  if (method !== 'get') headers['x-allclear-console'] = '1';
  if (method === 'post') headers['idempotency-key'] = `"${crypto.randomUUID()}"`;
  if (upload !== undefined) headers['content-type'] = 'application/octet-stream';
  else if (input.body !== undefined) headers['content-type'] = 'application/json';
  if (isBackground === true) headers['x-allclear-background'] = '1';
  if (ifMatch !== undefined) headers['if-match'] = ifMatch;
  const body = upload ?? (input.body === undefined ? null : JSON.stringify(input.body));
  const deadline = upload === undefined ? [AbortSignal.timeout(answerTimeoutMs)] : [];
  let response: Response;
  try {
    response = await fetch(`${where === 'drill' ? '/drill' : ''}${addressOf(path, input)}`, {
      method: method.toUpperCase(),
      headers,
      body,
      credentials: 'same-origin',
      redirect: 'error',
      signal: AbortSignal.any([...deadline, ...(signal === undefined ? [] : [signal])]),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new Refused(
      unanswered('The server did not answer. It may be starting anew; what was running then is halted.'),
    );
  }
  if (!response.ok) throw new Refused(await problemOfResponse(response));
  return response;
}

async function problemOfResponse(response: Response): Promise<Problem> {
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('application/problem+json')) return (await response.json()) as Problem;
  return {
    ...unanswered(`What answered is not the Allclear API (status ${response.status}).`),
    status: response.status,
  };
}

function addressOf(path: string, { params = {}, query = {} }: Parts): string {
  const filled = path.replace(/\{([a-z]+)\}/gi, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return search.size === 0 ? filled : `${filled}?${search.toString()}`;
}
