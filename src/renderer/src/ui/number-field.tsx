import { useState } from 'react';
import { Field } from './field.tsx';

export interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** Quiet words after the figure: its unit. */
  readonly unit?: string;
  /** 0 is shown as an empty field with these words in it: what happens unless a figure is given. */
  readonly zero?: string;
  readonly hasFraction?: boolean;
  /** NaN where what is typed is no figure: whoever holds the value refuses it, and never starts with an older one. */
  readonly onChange: (value: number) => void;
}

/** A figure that counts with each key, so that it is right when a start is pressed from within the field. */
export function NumberField({ label, value, min, max, unit, zero, hasFraction = false, onChange }: NumberFieldProps) {
  const shown = zero !== undefined && value === 0 ? '' : String(value);
  const [typed, setTyped] = useState(shown);
  const isZero = zero !== undefined && value === 0;
  const isGood = isZero || (value >= min && value <= max && (hasFraction || Number.isInteger(value)));
  return (
    <Field
      label={label}
      value={Object.is(numberOf(typed, zero), value) ? typed : shown} // changed from outside: what was typed is past
      isBad={!isGood}
      inputMode={hasFraction ? 'decimal' : 'numeric'}
      maxLength={9}
      {...(zero === undefined ? {} : { placeholder: zero })}
      {...(unit === undefined ? {} : { note: unit })}
      onChange={(next) => {
        setTyped(next);
        onChange(numberOf(next, zero));
      }}
    />
  );
}

function numberOf(text: string, zero: string | undefined): number {
  const trimmed = text.trim().replace(',', '.');
  if (trimmed === '' && zero !== undefined) return 0;
  return /^\d+(?:\.\d*)?$/.test(trimmed) ? Number(trimmed) : NaN;
}
