import type { ReactNode } from 'react';
import { Form } from 'react-aria-components';
import { seconds } from '../../text/format.ts';
import { words } from '../../text/messages.ts';
import { testedWords as text } from '../../text/tested-messages.ts';
import { AskRemove } from '../../ui/ask-remove.tsx';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { useNow } from '../../ui/use-now.ts';
import type { TestStep } from './test-steps.tsx';
import type { Tested, TestedState } from './use-tested.ts';

interface TestedDialogProps<Draft extends { readonly name: string }, Step extends TestStep> {
  readonly title: string;
  readonly draft: Draft;
  readonly tested: Tested<Draft, Step>;
  readonly onName: (name: string) => void;
  /** What it is called where no name is typed; left out: it needs one. */
  readonly otherName?: string;
  /** Its name takes the focus. */
  readonly isNew: boolean;
  /** All that a test needs is typed. */
  readonly isFit: boolean;
  /** How far what was found allows to save it: the words of the button. */
  readonly saveLabel: (found: readonly Step[]) => string;
  /** Null: it cannot be removed. */
  readonly removal: {
    readonly remove: string;
    readonly removeAsk: (name: string) => string;
    readonly name: string;
  } | null;
  readonly onClose: () => void;
  /** The fields behind its name. */
  readonly children: ReactNode;
  /** What the test found. */
  readonly below: ReactNode;
}

/** The dialog of one thing that is tested before it is saved. */
export function TestedDialog<Draft extends { readonly name: string }, Step extends TestStep>(
  props: TestedDialogProps<Draft, Step>,
) {
  const { draft, isFit, removal, onClose, otherName = '' } = props;
  const name = draft.name.trim() || otherName;
  const { state, test, save, remove } = props.tested;
  const isBusy = state.step === 'testing' || state.step === 'saving';
  const closeIf = (isDone: boolean): void => {
    if (isDone) onClose();
  };
  return (
    <DialogBox
      title={props.title}
      onClose={onClose}
      footer={
        <>
          <Btn isDisabled={!isFit || isBusy} onPress={() => void test(draft)}>
            {state.step === 'tested' || state.step === 'failed' ? text.testAgain : text.test}
          </Btn>
          <output className="sub">
            <Progress state={state} />
          </output>
          <span className="push" />
          <Btn isBig onPress={onClose}>
            {words.common.cancel}
          </Btn>
          <Btn
            isBig
            look="first"
            isDisabled={!isFit || name === '' || isBusy}
            onPress={() => void save({ ...draft, name }).then(closeIf)}
          >
            {state.step === 'saving'
              ? text.saving
              : state.step === 'tested'
                ? props.saveLabel(state.found)
                : text.saveUntested}
          </Btn>
        </>
      }
    >
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isFit && !isBusy) void test(draft); // Enter tests; only a press of the button saves
        }}
      >
        <Field
          label={text.name}
          value={draft.name}
          onChange={props.onName}
          placeholder={otherName}
          maxLength={80}
          isFirst={props.isNew}
        />
        {props.children}
        <input type="submit" hidden value={text.test} />
      </Form>
      {props.below}
      {state.step === 'failed' ? (
        <p className="warn" role="alert">
          {state.problem.text} {state.problem.advice}
        </p>
      ) : null}
      {removal === null ? null : (
        <AskRemove
          words={{ ...text, ...removal }}
          name={removal.name}
          isBusy={isBusy}
          onRemove={() => void remove().then(closeIf)}
        />
      )}
    </DialogBox>
  );
}

function Progress<Step extends TestStep>({ state }: { readonly state: TestedState<Step> }) {
  const nowMs = useNow();
  if (state.step === 'testing') return `${text.testing} ${seconds(nowMs - state.sinceMs)}`;
  if (state.step !== 'tested') return null;
  const passed = state.found.filter((step) => step.state === 'passed').length;
  return text.answered(passed, state.found.length, state.tookMs);
}
