/** The number in `rollout:<number>`, null for the installation chain. */
export function rolloutNoOf(chain: string): number | null {
  const digits = /^rollout:([1-9][0-9]{0,15})$/.exec(chain)?.[1];
  return digits === undefined ? null : Number(digits);
}
