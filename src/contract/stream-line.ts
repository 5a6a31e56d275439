import type { Problem } from './problem.ts';

/** One line of a streamed answer. The last one is `result` or `problem`; a stream without either was cut off. */
export type StreamLine<Progress, Result> =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'result'; readonly result: Result }
  | { readonly kind: 'problem'; readonly problem: Problem };
