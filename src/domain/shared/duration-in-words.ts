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
