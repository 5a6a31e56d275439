import { keyRuleOf } from '../contract/key-rules.ts';
import type { FailureCode } from '../domain/shared/failure.ts';

/** The parts of an OpenAPI 3.1 document that are looked at here. */
interface Described {
  readonly paths?: Readonly<Record<string, object>> | undefined;
}

interface Operation {
  parameters?: unknown[];
  responses?: Record<string, object>;
}

const ifMatch = header(
  'If-Match',
  'The ETag of what was read. If it is another by now, the answer is 412 and nothing is done.',
);
const ifNoneMatch = header('If-None-Match', 'An ETag. If it is still that one, the answer is 304 without a body.');
const guarded = /^\/api\/v1\/(plans|retractions)\/\{[a-z]+\}\/(approvals|rollout|rehearsals)$/;
const tagged = /^\/api\/v1\/(plans|retractions)\/\{[a-z]+\}$/;

/** Adds the headers that many routes take in the same way, so that no route of the contract has to name them. */
export function describeConduct<Document extends Described>(document: Document): Document {
  for (const [path, methods] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(methods) as [string, Operation][]) {
      const isTagged = method === 'get' && tagged.test(path);
      const taken = [
        ...(method === 'post' && path.startsWith('/api/') ? [idempotencyKey(path)] : []),
        ...(method === 'post' && guarded.test(path) ? [ifMatch] : []),
        ...(isTagged ? [ifNoneMatch] : []),
      ];
      if (taken.length > 0) operation.parameters = [...(operation.parameters ?? []), ...taken];
      if (isTagged) operation.responses = { ...operation.responses, 304: { description: 'It is still as it was.' } };
    }
  }
  return document;
}

/** The refusals that these headers bring to a route. */
export function problemsOfConduct(method: string, path: string): readonly FailureCode[] {
  if (method !== 'post' || !path.startsWith('/api/')) return [];
  const rule = keyRuleOf(path);
  return [
    ...(guarded.test(path) ? (['precondition-failed'] as const) : []),
    ...(rule.kind === 'ignored' ? [] : (['key-reused'] as const)),
    ...(rule.kind === 'kept' ? (['request-running'] as const) : []),
    // A list that is read anew on purpose makes a second batch, so that its loss is told too.
    ...(rule.kind === 'kept' && (rule.whenLost === 'tell' || path === '/api/v1/evidence')
      ? (['outcome-unknown'] as const)
      : []),
  ];
}

function idempotencyKey(path: string): object {
  const rule = keyRuleOf(path);
  const meaning = {
    kept: 'Made up by the caller for this one request, 1 to 255 visible ASCII characters. The same request with the same key gets the same answer for 24 hours and does nothing.',
    read: 'Made up by the caller for this one request, 1 to 255 visible ASCII characters. It is read anew each time; another request with the same key is refused.',
    ignored: 'Taken and not looked at.',
  }[rule.kind];
  return header('Idempotency-Key', rule.kind === 'ignored' ? `${meaning} ${rule.why}` : meaning);
}

function header(name: string, description: string): object {
  return { name, in: 'header', required: false, description, schema: { type: 'string' } };
}
