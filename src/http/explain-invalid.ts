/** Of many mistakes the first few: the rest are often their consequence. */
const issuesShown = 3;

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

const places: Readonly<Record<string, string>> = { json: 'the body', query: 'the query', param: 'the address' };

/** Says which field is wrong and how. The value is not repeated: it may be a password or an address. */
export function explainInvalid(target: string, issues: readonly Issue[]): string {
  const place = places[target] ?? `the ${target}`;
  const shown = issues.slice(0, issuesShown).map(({ path, message }) => {
    const name = path.map(String).join('.');
    return name === '' ? `${place}: ${message}` : `"${name}" in ${place}: ${message}`;
  });
  return `${shown.join('; ')}. Nothing was done.`;
}
