import type { StreamLine } from '../../../src/contract/stream-line.ts';
import { send } from './call.ts';
import { Refused, unanswered } from './refused.ts';
import type { Input, RouteName } from './routes.ts';

/** A line is a step of progress or a result; a longer one is not ours. */
const maxLineChars = 4 * 1_024 * 1_024;

interface Streaming {
  readonly signal?: AbortSignal;
  readonly upload?: Blob;
}

/** A route that tells its progress in lines (NDJSON). Resolves to its last word; throws `Refused`. */
export async function callStream<Name extends RouteName, Progress, Result>(
  name: Name,
  input: Input<Name>,
  onProgress: (progress: Progress) => void,
  { signal, upload }: Streaming = {},
): Promise<Result> {
  const response = await send(name, input, signal === undefined ? {} : { signal }, upload);
  for await (const text of linesOf(response)) {
    const line = JSON.parse(text) as StreamLine<Progress, Result>;
    if (line.kind === 'problem') throw new Refused(line.problem);
    if (line.kind === 'result') return line.result;
    onProgress(line.progress);
  }
  throw new Refused(unanswered('The server went away before it was done. Look at what is there, then begin again.'));
}

/** The lines of an answer as they come, empty ones left out. */
export async function* linesOf(response: Response): AsyncIterable<string> {
  if (response.body === null) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxLineChars) throw new Refused(unanswered('A line of the server does not end.'));
    yield* lines.filter((line) => line !== '');
  }
  if (rest !== '') yield rest;
}
