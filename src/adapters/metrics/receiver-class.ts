/** The large receivers, whose moods an operator has to tell apart; a list of ours bounds the labels, whatever a plan holds. */
const receivers: readonly (readonly [string, RegExp])[] = [
  ['google', /^(gmail|googlemail)\.com$/],
  ['microsoft', /^(outlook|hotmail|live|msn)\.[a-z.]{2,6}$/],
  ['yahoo', /^((yahoo|ymail|rocketmail)\.[a-z.]{2,6}|aol\.com)$/],
  ['apple', /^(icloud|me|mac)\.com$/],
  ['gmx', /^(gmx\.[a-z]{2,4}|web\.de)$/],
  ['orange', /^(orange|wanadoo)\.fr$/],
];

/** Which large receiver an address is at, by its domain; `other` for all the rest. */
export function receiverClassOf(address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  return receivers.find(([, pattern]) => pattern.test(domain))?.[0] ?? 'other';
}
