import { useId } from 'react';
import type { ReactNode } from 'react';

/** `meaning`: a sentence about it, which stands below while it is chosen. A phone shows a few words of a list and cuts the rest. */
export type Option = readonly [value: string, words: string, meaning?: string];

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly options: readonly Option[];
}

/** One of a few: the browser's own list, which every phone and screen reader knows. */
export function Choice({ label, value, onChange, options }: Props): ReactNode {
  const id = useId();
  const meaning = options.find(([one]) => one === value)?.[2];
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="select"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        {...(meaning === undefined ? {} : { 'aria-describedby': `${id}-meaning` })}
      >
        {options.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
      {meaning === undefined ? null : (
        <span id={`${id}-meaning`} className="hint">
          {meaning}
        </span>
      )}
    </div>
  );
}
