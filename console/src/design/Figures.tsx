import type { ReactNode } from 'react';

export interface Figure {
  readonly label: string;
  readonly value: ReactNode;
  readonly hint?: ReactNode;
  readonly tone?: 'wrong' | 'waits';
}

/** Numbers that are read at a glance, each with its word. */
export function Figures({ figures }: { readonly figures: readonly Figure[] }): ReactNode {
  return (
    <dl className="figures">
      {figures.map(({ label, value, hint, tone }) => (
        <div key={label} className={tone ?? ''}>
          <dt>{label}</dt>
          <dd>
            <span className="figure">{value}</span>
            {hint === undefined ? null : <span className="hint">{hint}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
