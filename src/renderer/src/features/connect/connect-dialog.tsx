import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useStore } from 'zustand';
import { serversStore } from '../../stores/servers.ts';
import { closeDialog } from '../../stores/view.ts';
import { dialogWords } from '../../text/dialog-messages.ts';
import { seconds } from '../../text/format.ts';
import { words } from '../../text/messages.ts';
import { AskRemove } from '../../ui/ask-remove.tsx';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { Choices, Field } from '../../ui/field.tsx';
import { useNow } from '../../ui/use-now.ts';
import { Checks } from './checks.tsx';
import { useConnect, type ConnectState, type ServerDraft } from './use-connect.ts';

const text = dialogWords.connect;

/** A server's URL, key and secret; each check of the test answers in words. */
export function ConnectDialog({ serverId }: { readonly serverId: string | null }) {
  const { servers, protection } = useStore(serversStore);
  const known = servers.find((server) => server.id === serverId) ?? null;
  const [draft, setDraft] = useState<ServerDraft>({
    name: known?.name ?? '',
    url: known?.url ?? '',
    apiKey: known?.apiKey ?? '',
    apiSecret: '',
    keep: known?.protection === 'this-run' ? 'this-run' : 'stored',
  });
  const { state, test, save, remove, reset } = useConnect(known?.id ?? null);
  const change = (part: Partial<ServerDraft>): void => {
    setDraft({ ...draft, ...part });
    if (part.name === undefined && part.keep === undefined) reset();
  };
  const hasAll = draft.url.trim() !== '' && draft.apiKey.trim() !== '' && (known !== null || draft.apiSecret !== '');
  const isBusy = state.step === 'testing' || state.step === 'saving';
  const closeIf = (isDone: boolean): void => {
    if (isDone) closeDialog();
  };
  return (
    <DialogBox
      title={known === null ? text.title : text.editTitle(known.name)}
      onClose={closeDialog}
      footer={
        <>
          <Btn isDisabled={!hasAll || isBusy} onPress={() => void test(draft)}>
            {state.step === 'tested' || state.step === 'failed' ? text.testAgain : text.test}
          </Btn>
          <output className="sub">
            <Progress state={state} />
          </output>
          <span className="push" />
          <Btn isBig onPress={closeDialog}>
            {words.common.cancel}
          </Btn>
          <Btn
            isBig
            look="first"
            isDisabled={!hasAll || draft.name.trim() === '' || isBusy}
            onPress={() => void save(draft).then(closeIf)}
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
          if (hasAll && !isBusy) void test(draft); // Enter tests; only a press of the button saves
        }}
      >
        <Field
          label={text.name}
          value={draft.name}
          onChange={(name) => change({ name })}
          maxLength={80}
          isFirst={known === null}
        />
        <Field
          label={text.url}
          value={draft.url}
          onChange={(url) => change({ url })}
          inputMode="url"
          placeholder={text.urlHint}
          maxLength={2048}
        />
        <Field
          label={text.key}
          value={draft.apiKey}
          onChange={(apiKey) => change({ apiKey })}
          maxLength={256}
          autoComplete="off"
        />
        <Field
          label={text.secret}
          type="password"
          autoComplete="off"
          value={draft.apiSecret}
          onChange={(apiSecret) => change({ apiSecret })}
          maxLength={1024}
          {...(known === null ? {} : { placeholder: text.secretKept(known.secretHint) })}
        />
        <Choices
          label={text.keep}
          value={draft.keep}
          isStacked
          onChange={(keep) => change({ keep })}
          choices={[
            {
              value: 'stored',
              label: (
                <>
                  {text.keepStored} <span className="mark">{words.kept[protection]}</span>
                </>
              ),
            },
            {
              value: 'this-run',
              label: (
                <>
                  {text.keepRun} <span className="mark">{words.kept['this-run']}</span>
                </>
              ),
            },
          ]}
        />
        <input type="submit" hidden value={text.test} />
      </Form>
      {state.step === 'tested' ? <Checks checks={state.checks} /> : null}
      {state.step === 'failed' ? (
        <p className="warn" role="alert">
          {state.problem.text} {state.problem.advice}
        </p>
      ) : null}
      {known !== null && known.kind !== 'rehearsal' ? (
        <AskRemove words={text} name={known.name} isBusy={isBusy} onRemove={() => void remove().then(closeIf)} />
      ) : null}
    </DialogBox>
  );
}

function saveLabel(state: ConnectState): string {
  if (state.step === 'saving') return text.saving;
  if (state.step !== 'tested') return text.saveUntested;
  const failed = state.checks.filter((check) => check.state === 'failed');
  if (failed.length === 0) return text.save;
  return failed.every((check) => check.id === 'egress') ? text.saveWithoutEgress : text.saveUntested;
}

function Progress({ state }: { readonly state: ConnectState }) {
  const nowMs = useNow();
  if (state.step === 'testing') return `${text.testing} ${seconds(nowMs - state.sinceMs)}`;
  if (state.step !== 'tested') return null;
  const ran = state.checks.filter((check) => check.state !== 'not-run');
  return text.answered(ran.filter((check) => check.state === 'passed').length, state.checks.length, state.tookMs);
}
