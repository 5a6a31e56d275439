/** As it happened; what is not yet known comes last, in the order in which it is meant to. */
export function inOrder<Name extends string>(
  steps: readonly (readonly [Name, string])[],
  atOf: (name: Name) => string | null,
): readonly (readonly [Name, string])[] {
  const ms = (name: Name): number => {
    const at = atOf(name);
    return at === null ? Number.MAX_SAFE_INTEGER : Date.parse(at);
  };
  return steps.toSorted(([left], [right]) => ms(left) - ms(right));
}
