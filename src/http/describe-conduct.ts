/** The parts of an OpenAPI 3.1 document that are looked at here. */
interface Described {
  readonly paths?: Readonly<Record<string, object>> | undefined;
}

interface Operation {
  parameters?: unknown[];
}

const idempotencyKey = header(
  'Idempotency-Key',
  'Made up by the caller for this one request, 1 to 255 visible ASCII characters. The same request with the same key gets the same answer for 24 hours and does nothing.',
);
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
      const taken = [
        ...(method === 'post' && path.startsWith('/api/') ? [idempotencyKey] : []),
        ...(method === 'post' && guarded.test(path) ? [ifMatch] : []),
        ...(method === 'get' && tagged.test(path) ? [ifNoneMatch] : []),
      ];
      if (taken.length > 0) operation.parameters = [...(operation.parameters ?? []), ...taken];
    }
  }
  return document;
}

function header(name: string, description: string): object {
  return { name, in: 'header', required: false, description, schema: { type: 'string' } };
}
