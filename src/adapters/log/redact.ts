const mask = '[redacted]';

/** Names of fields that never belong in a log, whatever they hold. */
const secretName =
  /pass(word|phrase)|secret|token|authorization|cookie|credential|hash$|salt|^e?mail$|address|^to$|^pem$|privatekey/i;
/** Deeper than what we log on purpose; beyond it only the fact that there is more. */
const maxDepth = 6;
const maxItems = 100;

/** Secrets and addresses inside a text: URLs with a password, our tokens, PEM blocks, mail addresses. */
const inText: readonly (readonly [RegExp, string])[] = [
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, `$1${mask}@`],
  [/\bact_[0-9a-f]{16,}/gi, mask],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, mask],
  // Not behind a slash: `node_modules/@scope/name` in a stack is no address.
  [/[^\s@<>()[\]"',;:=]{1,64}(?<!\/)@[^\s@<>()[\]"',;:=]{1,255}/g, mask],
];

export function redactText(text: string): string {
  return inText.reduce((redacted, [pattern, replacement]) => redacted.replace(pattern, replacement), text);
}

/** A copy for the log: secret names masked, texts cleaned, errors cut to name, code, message and stack. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= maxDepth) return '[deeper]';
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  if (Array.isArray(value)) return value.slice(0, maxItems).map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, maxItems)
      .map(([name, item]) => [name, secretName.test(name) ? mask : redact(item, depth + 1)]),
  );
}

/** Errors of drivers carry row values in other fields (Postgres: `detail`); those are left out. */
function redactError(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  const facts = 'facts' in error ? error.facts : undefined;
  return {
    name,
    message: redactText(message),
    ...(code === undefined ? {} : { code }),
    ...(facts === undefined ? {} : { facts: redact(facts, depth + 1) }),
    ...(stack === undefined ? {} : { stack: redactText(stack) }),
    ...(cause === undefined ? {} : { cause: redact(cause, depth + 1) }),
  };
}
