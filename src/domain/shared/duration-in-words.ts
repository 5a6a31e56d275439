/** `45 minutes`, `12 hours`, `30 days`: in the largest unit that holds it whole. */
export function durationInWords(minutes: number): string {
  for (const [unit, size] of [
    ['day', 24 * 60],
    ['hour', 60],
  ] as const) {
    if (minutes % size === 0) return counted(minutes / size, unit);
  }
  return counted(minutes, 'minute');
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** `40 s`, `12 min`, `3.2 h`, `2.5 days`: about how long, for people. */
export function aboutHowLong(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5_400) return `${Math.ceil(seconds / 60)} min`;
  return seconds < 172_800 ? `${(seconds / 3_600).toFixed(1)} h` : `${(seconds / 86_400).toFixed(1)} days`;
}
