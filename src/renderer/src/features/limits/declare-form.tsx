import { useState } from 'react';
import { Form } from 'react-aria-components';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';

export interface DeclareFormProps<T> {
  /** What the form is for, for those who do not see where it stands. */
  readonly title: string;
  readonly field: string;
  readonly initial: string;
  readonly inputMode?: 'numeric' | 'decimal' | 'text' | 'url';
  /** Null where the text is no such value. */
  readonly read: (text: string) => T | null;
  readonly hint: string;
  readonly bad: string;
  readonly action?: string;
  /** Null: there is nothing to take back. */
  readonly onForget: (() => Promise<void>) | null;
  readonly onSend: (value: T) => Promise<void>;
  readonly onDone: () => void;
}

/** One value that the producer knows and no server tells: typed, checked, sent, or taken back. */
export function DeclareForm<T>(props: DeclareFormProps<T>) {
  const [typed, setTyped] = useState(props.initial);
  const [failure, setFailure] = useState<string | null>(null);
  const value = props.read(typed.trim());
  const isBad = typed.trim() !== '' && value === null;
  const send = (work: Promise<void>): void => {
    work.then(props.onDone, (error: unknown) => setFailure(problemOf(error).text));
  };
  return (
    <Form
      className="form declare"
      aria-label={props.title}
      onSubmit={(event) => {
        event.preventDefault();
        if (value !== null) send(props.onSend(value));
      }}
    >
      <Field
        label={props.field}
        value={typed}
        onChange={setTyped}
        isBad={isBad}
        inputMode={props.inputMode ?? 'decimal'}
        isFirst
      />
      <output className="wide note">{failure ?? (isBad ? props.bad : props.hint)}</output>
      <div className="wide row">
        <Btn type="submit" isDisabled={value === null}>
          {props.action ?? words.limits.declare}
        </Btn>
        {props.onForget === null ? null : (
          <Btn look="quiet" onPress={() => props.onForget && send(props.onForget())}>
            {words.limits.forget}
          </Btn>
        )}
        <Btn look="quiet" onPress={props.onDone}>
          {words.common.cancel}
        </Btn>
      </div>
    </Form>
  );
}

/** A whole number up to `most`. */
export const readCount =
  (most: number) =>
  (text: string): number | null =>
    /^\d{1,6}$/.test(text) && Number(text) <= most ? Number(text) : null;

/** A number of cores, as 0.5. */
export function readCores(text: string): number | null {
  const value = /^\d{1,4}([.,]\d{1,2})?$/.test(text) ? Number(text.replace(',', '.')) : 0;
  return value > 0 ? value : null;
}

/** An amount of money: digits, and at most six after the point or comma. */
export function readAmount(text: string): number | null {
  return /^\d{1,6}([.,]\d{1,6})?$/.test(text) ? Number(text.replace(',', '.')) : null;
}

/** Hours of a session, a minute at least and 30 days at most. */
export function readHours(text: string): number | null {
  const value = /^\d{1,3}([.,]\d{1,3})?$/.test(text) ? Number(text.replace(',', '.')) : 0;
  return value >= 0.02 && value <= 720 ? value : null;
}
