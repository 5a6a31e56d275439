import type { ReactNode } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField } from 'react-aria-components/TextField';

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
  /** Why it is not taken yet; nothing is said while it is empty. */
  readonly problem?: string | null;
  readonly isCode?: boolean;
  readonly isNumber?: boolean;
  readonly isLong?: boolean;
  readonly maxLength?: number;
}

/** A line, or with `isLong` a few, that somebody types. Nothing is filled in or corrected by the browser. */
export function Field({
  label,
  value,
  onChange,
  hint,
  problem,
  isCode,
  isNumber,
  isLong,
  maxLength,
}: Props): ReactNode {
  const quiet = {
    autoComplete: 'off',
    autoCorrect: 'off',
    autoCapitalize: 'off',
    spellCheck: isLong === true ? 'true' : 'false',
  } as const;
  return (
    <TextField
      className={isCode === true ? 'field code' : 'field'}
      value={value}
      onChange={onChange}
      isInvalid={problem != null}
      validationBehavior="aria"
      {...(maxLength === undefined ? {} : { maxLength })}
      {...(isNumber === true ? { inputMode: 'numeric' as const } : {})}
      {...quiet}
    >
      <Label>{label}</Label>
      {isLong === true ? <TextArea rows={2} /> : <Input />}
      {hint === undefined ? null : (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-problem">{problem}</FieldError>
    </TextField>
  );
}
