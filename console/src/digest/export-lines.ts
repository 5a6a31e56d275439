import { Refused } from '../api/refused.ts';
import { linesOf } from '../api/stream.ts';

export interface ReadSoFar {
  readonly read: number;
  readonly of: number;
}

/** Longer without a rest and the page does not answer to a key. */
const restAfterMs = 40;

type ProblemLine = { readonly kind: 'problem'; readonly problem: Refused['problem'] };

/** The lines of an export as they come. `countOf`: how many a header announces; null for every other line. Throws `Refused`. */
export async function* exportLines<Line extends object>(
  response: Response,
  countOf: (line: Line) => number | null,
  onRead: (soFar: ReadSoFar) => void,
): AsyncGenerator<Line> {
  let read = 0;
  let of = 0;
  let restedAt = performance.now();
  for await (const text of linesOf(response)) {
    const line = JSON.parse(text) as Line | ProblemLine;
    if (isProblem(line)) throw new Refused(line.problem);
    const announced = countOf(line);
    if (announced === null) read += 1;
    else of = announced;
    yield line;
    if (performance.now() - restedAt < restAfterMs) continue;
    onRead({ read, of });
    await new Promise((resolve) => setTimeout(resolve));
    restedAt = performance.now();
  }
}

function isProblem(line: object): line is ProblemLine {
  return 'kind' in line && line.kind === 'problem';
}
