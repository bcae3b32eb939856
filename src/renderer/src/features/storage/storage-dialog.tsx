import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useStore } from 'zustand';
import './storage.css';
import { checkStorage } from '../../../../shared/checks/check-storage.ts';
import type { StorageProvider } from '../../../../shared/model/storage.ts';
import { serversStore } from '../../stores/servers.ts';
import { storagesStore } from '../../stores/storages.ts';
import { openDialog } from '../../stores/view.ts';
import { seconds } from '../../text/format.ts';
import { words } from '../../text/messages.ts';
import { storageWords as text } from '../../text/storage-messages.ts';
import { AskRemove } from '../../ui/ask-remove.tsx';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { Check, Choices, Field } from '../../ui/field.tsx';
import { Pick } from '../../ui/pick.tsx';
import { useNow } from '../../ui/use-now.ts';
import { draftOf, hasSecret, placeOf, type StorageDraft } from './storage-draft.ts';
import { StorageFields } from './storage-fields.tsx';
import { StorageSteps } from './storage-steps.tsx';
import { useStorageCalls, type StorageState } from './use-storage-calls.ts';

const providers = Object.keys(text.providers) as StorageProvider[]; // the keys of the catalogue
const back = (): void => openDialog({ name: 'storages' });

/** One storage profile; what is wrong stands at its field, and each step of the test answers in words. */
export function StorageDialog({ storageId }: { readonly storageId: string | null }) {
  const known = useStore(storagesStore, (state) => state.storages.find((each) => each.id === storageId) ?? null);
  const protection = useStore(serversStore, (state) => state.protection);
  const [draft, setDraft] = useState<StorageDraft>(() => draftOf(known));
  const { state, test, save, remove, reset } = useStorageCalls(known?.id ?? null);
  const change = (part: Partial<StorageDraft>): void => {
    setDraft({ ...draft, ...part });
    if (part.name === undefined && part.keep === undefined && part.isBackup === undefined) reset();
  };
  const findings = checkStorage({ place: placeOf(draft), has: hasSecret(draft, known) });
  const isFit = !findings.some(({ severity }) => severity === 'refuse');
  const isBusy = state.step === 'testing' || state.step === 'saving';
  const backIf = (isDone: boolean): void => {
    if (isDone) back();
  };
  return (
    <DialogBox
      title={known === null ? text.addTitle : text.editTitle(known.name)}
      onClose={back}
      footer={
        <>
          <Btn isDisabled={!isFit || isBusy} onPress={() => void test(draft)}>
            {state.step === 'tested' || state.step === 'failed' ? text.testAgain : text.test}
          </Btn>
          <output className="sub">
            <Progress state={state} />
          </output>
          <span className="push" />
          <Btn isBig onPress={back}>
            {words.common.cancel}
          </Btn>
          <Btn
            isBig
            look="first"
            isDisabled={!isFit || draft.name.trim() === '' || isBusy}
            onPress={() => void save(draft).then(backIf)}
          >
            {saveLabel(state)}
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
          onChange={(name) => change({ name })}
          maxLength={80}
          isFirst={known === null}
        />
        <span className="l" aria-hidden="true">
          {text.provider}
        </span>
        <Pick
          label={text.provider}
          className="field"
          value={draft.provider}
          items={providers.map((id) => ({ id, label: text.providers[id] }))}
          onPick={(id) => {
            const provider = providers.find((each) => each === id);
            if (provider) change({ provider });
          }}
        />
        <StorageFields draft={draft} known={known} findings={findings} change={change} />
        <span className="wide">
          <Check isOn={draft.isBackup} onChange={(isBackup) => change({ isBackup })}>
            {text.isBackup}
          </Check>
        </span>
        {draft.provider === 'server-local' ? null : (
          <Choices
            label={text.keep}
            value={draft.keep}
            isStacked
            onChange={(keep) => change({ keep })}
            choices={[
              { value: 'stored', label: <Kept label={text.keepStored} mark={words.kept[protection]} /> },
              { value: 'this-run', label: <Kept label={text.keepRun} mark={words.kept['this-run']} /> },
            ]}
          />
        )}
        <input type="submit" hidden value={text.test} />
      </Form>
      {state.step === 'tested' ? <StorageSteps steps={state.steps} /> : <p className="note">{text.testNote}</p>}
      {state.step === 'failed' ? (
        <p className="warn" role="alert">
          {state.problem.text} {state.problem.advice}
        </p>
      ) : null}
      {known === null ? null : (
        <AskRemove words={text} name={known.name} isBusy={isBusy} onRemove={() => void remove().then(backIf)} />
      )}
    </DialogBox>
  );
}

const Kept = (props: { readonly label: string; readonly mark: string }) => (
  <>
    {props.label} <span className="mark">{props.mark}</span>
  </>
);

function saveLabel(state: StorageState): string {
  if (state.step === 'saving') return text.saving;
  const canWrite =
    state.step === 'tested' && state.steps.some(({ id, state: of }) => id === 'write' && of === 'passed');
  return canWrite ? text.save : text.saveUntested;
}

function Progress({ state }: { readonly state: StorageState }) {
  const nowMs = useNow();
  if (state.step === 'testing') return `${text.testing} ${seconds(nowMs - state.sinceMs)}`;
  if (state.step !== 'tested') return null;
  const passed = state.steps.filter((step) => step.state === 'passed').length;
  return text.answered(passed, state.steps.length, state.tookMs);
}
