import type { ReactNode } from 'react';

export type Tone = 'plain' | 'good' | 'waits' | 'wrong';

/** A state in one word. The word says it; the colour only repeats it. */
export function Tag({ tone = 'plain', children }: { readonly tone?: Tone; readonly children: ReactNode }): ReactNode {
  return <span className={`tag ${tone}`}>{children}</span>;
}
