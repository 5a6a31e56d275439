const twoDigits = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });
const whole = new Intl.NumberFormat('en');
const dayAndTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const ago = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export function number(count: number): string {
  return whole.format(count);
}

/** `1 person`, `12,000 people`. */
export function people(count: number): string {
  return `${number(count)} ${count === 1 ? 'person' : 'people'}`;
}

/** `1 wave`, `4 waves`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

export function moment(instant: string): string {
  return dayAndTime.format(new Date(instant));
}

/** How far away it is, in the largest unit that fits: `5 minutes ago`, `in 2 hours`. */
export function distance(instant: string, nowMs: number): string {
  const ms = Date.parse(instant) - nowMs;
  const size = Math.abs(ms);
  if (size < minuteMs) return 'just now';
  if (size < hourMs) return ago.format(Math.round(ms / minuteMs), 'minute');
  if (size < dayMs) return ago.format(Math.round(ms / hourMs), 'hour');
  return ago.format(Math.round(ms / dayMs), 'day');
}

/** A length of time in words: `40 s`, `15 min`, `2 h`, `4 days`. */
export function span(seconds: number): string {
  if (seconds < 90) return `${number(Math.round(seconds))} s`;
  if (seconds < 5_400) return `${number(Math.round(seconds / 60))} min`;
  if (seconds < 172_800) return `${number(Math.round(seconds / 360) / 10)} h`;
  return `${number(Math.round(seconds / 8_640) / 10)} days`;
}

/** `not-acted-on` as it is read: `not acted on`. */
export function spaced(word: string): string {
  return word.replaceAll('-', ' ');
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A share as a percentage, to two digits that say something: `0.5 %`, `0.08 %`, `22 %`. */
export function percent(share: number): string {
  return `${twoDigits.format(share * 100)} %`;
}

/** A number and its unit stay in one line. */
export function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}
