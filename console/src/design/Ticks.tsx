import type { ReactNode } from 'react';

interface Props {
  readonly label: string;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly none: string;
}

/** Any number of a list. */
export function Ticks({ label, chosen, onChange, options, none }: Props): ReactNode {
  return (
    <fieldset className="ticks">
      <legend>{label}</legend>
      {options.length === 0 ? <p className="soft">{none}</p> : null}
      {options.map(([value, words]) => (
        <label key={value}>
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={(event) =>
              onChange(event.target.checked ? [...chosen, value] : chosen.filter((one) => one !== value))
            }
          />
          <span>{words}</span>
        </label>
      ))}
    </fieldset>
  );
}
