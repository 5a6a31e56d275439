import { mask, redactText } from './redact-text.ts';

/** Names of fields that never belong in a log, whatever they hold. */
const secretName =
  /pass(word|phrase)|secret|token|authorization|cookie|credential|hash$|salt|^e?mail$|address|^to$|^pem$|privatekey/i;
/** Deeper than what we log on purpose; beyond it only the fact that there is more. */
const maxDepth = 6;
const maxItems = 100;

/** A copy for the log: secret names masked, texts and names cleaned, errors cut to name, code, message and stack. */
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
      .map(([name, item]) => [redactText(name), secretName.test(name) ? mask : redact(item, depth + 1)]),
  );
}

/** Errors of drivers carry row values in other fields (Postgres: `detail`); those are left out. */
function redactError(error: Error, depth: number): Record<string, unknown> {
  const { name, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  const facts = 'facts' in error ? error.facts : undefined;
  const message = messageOf(error);
  return {
    name,
    message: redactText(message),
    ...(code === undefined ? {} : { code }),
    ...(facts === undefined ? {} : { facts: redact(facts, depth + 1) }),
    ...(stack === undefined ? {} : { stack: redactText(stack.replace(error.message, () => message)) }),
    ...(cause === undefined ? {} : { cause: redact(cause, depth + 1) }),
  };
}

/**
 * The message, without the value where Postgres repeats one: errors of data (SQLSTATE class 22) and those that somebody's
 * own functions raise (P0). Names of tables and constraints, in errors of other classes, stay.
 */
export function messageOf(error: Error): string {
  const code = 'code' in error && 'severity' in error ? error.code : null;
  return typeof code === 'string' && /^(22|P0)/.test(code)
    ? error.message.replaceAll(/"[^"]*"|'[^']*'|: .*$/gs, (found) => (found.startsWith(':') ? `: ${mask}` : mask))
    : error.message;
}
