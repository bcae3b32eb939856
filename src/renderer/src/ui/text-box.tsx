import { Label, TextArea, TextField } from 'react-aria-components';

/** Label and a box of several lines, as two cells of a `.form` grid. */
export function TextBox(props: {
  readonly label: string;
  readonly value: string;
  readonly rows?: number;
  readonly isBad?: boolean;
  readonly onChange: (value: string) => void;
}) {
  const isBad = props.isBad ?? false;
  return (
    <TextField value={props.value} onChange={props.onChange} isInvalid={isBad} className="field-row is-tall">
      <Label>{props.label}</Label>
      <TextArea
        className={isBad ? 'field text-box is-bad' : 'field text-box'}
        rows={props.rows ?? 3}
        spellCheck={false}
      />
    </TextField>
  );
}
