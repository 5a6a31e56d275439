const id = /(\()?\boperator_\d+\b/g;

/** `halted by operator_2` as people say it: `halted by ben (operator_2)`. A name that stands before its id already stays alone. */
export function nameOperators(text: string, names: ReadonlyMap<string, string>): string {
  return text.replaceAll(id, (found: string, open: string | undefined) => {
    const name = open === undefined ? names.get(found) : undefined;
    return name === undefined ? found : `${name} (${found})`;
  });
}
