import { useId } from 'react';
import type { ReactNode } from 'react';

interface Props {
  readonly title: string;
  /** Beside the title, at the end of its line. */
  readonly aside?: ReactNode;
  readonly tone?: 'plain' | 'wrong' | 'waits';
  readonly children: ReactNode;
}

export function Card({ title, aside, tone = 'plain', children }: Props): ReactNode {
  const id = useId();
  return (
    <section className={`card ${tone}`} aria-labelledby={id}>
      <header className="card-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
