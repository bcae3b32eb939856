import type { ReactNode } from 'react';
import { Input, Label, Radio, RadioGroup, Switch, TextField, type TextFieldProps } from 'react-aria-components';
import { Icon } from './icon.tsx';
import { useFirstFocus } from './use-first-focus.ts';

export interface FieldProps extends Omit<TextFieldProps, 'className' | 'style' | 'children' | 'autoFocus'> {
  readonly label: string;
  readonly placeholder?: string;
  /** Quiet words at the end of the field. */
  readonly note?: ReactNode;
  readonly isBad?: boolean;
  /** Takes the focus when it appears. */
  readonly isFirst?: boolean;
}

/** Label and input as two cells of a `.form` grid. */
export function Field({ label, placeholder, note, isBad = false, isFirst = false, ...rest }: FieldProps) {
  const input = useFirstFocus<HTMLInputElement>(isFirst);
  return (
    <TextField {...rest} isInvalid={isBad} className="field-row">
      <Label>{label}</Label>
      <span className={isBad ? 'field is-bad' : 'field'}>
        <Input ref={input} {...(placeholder === undefined ? {} : { placeholder })} />
        {note === undefined ? null : <span className="push note">{note}</span>}
      </span>
    </TextField>
  );
}

export interface Choice<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
}

/** One of a few, all in sight. */
export function Choices<V extends string>(props: {
  readonly label: string;
  readonly value: V;
  readonly choices: readonly Choice<V>[];
  readonly isStacked?: boolean;
  readonly onChange: (value: V) => void;
}) {
  const take = (value: string): void => {
    const choice = props.choices.find((each) => each.value === value);
    if (choice) props.onChange(choice.value);
  };
  return (
    <RadioGroup className="field-row" value={props.value} onChange={take}>
      <Label>{props.label}</Label>
      <div className={props.isStacked ? 'choices stack' : 'choices'}>
        {props.choices.map((choice) => (
          <Radio key={choice.value} value={choice.value} className="check radio">
            <i aria-hidden="true" />
            <span>{choice.label}</span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}

/** A setting that is on or off. */
export function Check({
  isOn,
  onChange,
  children,
}: {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly children: ReactNode;
}) {
  return (
    <Switch className="check" isSelected={isOn} onChange={onChange}>
      <i aria-hidden="true">{isOn ? <Icon name="tick" isSmall /> : null}</i>
      <span>{children}</span>
    </Switch>
  );
}
