const rfc3339 = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)([Zz]|[+-]\d{2}:?\d{2})$/;

/**
 * A time with its offset (RFC 3339 section 5.6; a space for the T and an offset without colon are common in logs).
 * Null without an offset: local time would be guessed, and an hour decides which of two passwords was in force.
 */
export function parseInstant(text: string): Date | null {
  const match = rfc3339.exec(text.trim());
  if (match === null) return null;
  const [, day, time, offset] = match as unknown as [string, string, string, string];
  const zone = offset.toUpperCase() === 'Z' ? 'Z' : `${offset.slice(0, 3)}:${offset.slice(-2)}`;
  const at = new Date(`${day}T${time.slice(0, 12)}${zone}`);
  if (Number.isNaN(at.getTime())) return null;
  // Date rolls 31 February over into March; such a line was not written by a clock.
  const isRealDay = new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  return isRealDay ? at : null;
}
