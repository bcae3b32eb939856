import { useState } from 'react';
import { useStore } from 'zustand';
import type { Settings } from '../../../../shared/contract/settings.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { settingsStore } from '../../stores/settings.ts';
import { closeDialog } from '../../stores/view.ts';
import { dialogWords } from '../../text/dialog-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { Check, Choices, Field } from '../../ui/field.tsx';
import { forget } from '../../ui/forget.ts';
import { SupportBundle } from '../support/support-bundle.tsx';
import { About } from './about.tsx';
import { GladiaKey } from './gladia-key.tsx';
import { ObservabilitySettings } from './observability-settings.tsx';
import { ServerList } from './server-list.tsx';
import { useChangeSettings, type SettingsChange } from './use-settings.ts';

const text = dialogWords.settings;

/** What the producer may set. Each change is kept at once; a text when its field is left. */
export function SettingsDialog() {
  const settings = useStore(settingsStore, (state) => state.settings);
  const [typed, setTyped] = useState(nothingTyped);
  const close = (): void => {
    forget(() => setTyped(nothingTyped));
    closeDialog();
  };
  return (
    <DialogBox
      title={text.title}
      onClose={close}
      footer={
        <>
          <span className="push" />
          <Btn isBig onPress={close}>
            {words.common.close}
          </Btn>
        </>
      }
    >
      {settings === null ? null : <SettingsForm settings={settings} typed={typed} onTyped={setTyped} />}
    </DialogBox>
  );
}

/** Secrets that are typed and not yet saved. */
interface Typed {
  readonly gladiaKey: string;
  readonly token: string;
}
const nothingTyped: Typed = { gladiaKey: '', token: '' };

function SettingsForm(props: {
  readonly settings: Settings;
  readonly typed: Typed;
  readonly onTyped: (change: (typed: Typed) => Typed) => void;
}) {
  const { settings, typed, onTyped } = props;
  const change = useChangeSettings();
  const [failure, setFailure] = useState<string | null>(null);
  const keep = (part: SettingsChange): void => {
    change(part).then(
      () => setFailure(null),
      (error: unknown) => setFailure(problemOf(error).text),
    );
  };
  return (
    <>
      <div className="form">
        <Choices
          label={text.theme}
          value={settings.theme}
          onChange={(theme) => keep({ theme })}
          choices={[
            { value: 'dark', label: text.themes.dark },
            { value: 'light', label: text.themes.light },
            { value: 'system', label: text.themes.system },
          ]}
        />
        <span className="l">{text.share}</span>
        <Check isOn={settings.screenShareMode} onChange={(screenShareMode) => keep({ screenShareMode })}>
          {text.shareOn}
        </Check>
        <span className="l">{text.firstMinute}</span>
        <Check isOn={!settings.firstMinuteHidden} onChange={(isShown) => keep({ firstMinuteHidden: !isShown })}>
          {text.firstMinuteShown}
        </Check>
        <KeptText
          label={text.folder}
          value={settings.recordingsFolder}
          isHidden={settings.screenShareMode}
          onKeep={(recordingsFolder) => keep({ recordingsFolder })}
        />
        <span className="wide note">{text.folderNote}</span>
        <KeptText
          label={text.socketHost}
          value={settings.socketHost}
          isHidden={settings.screenShareMode}
          onKeep={(socketHost) => keep({ socketHost })}
        />
        <span className="wide note">{text.socketNote}</span>
      </div>
      {failure === null ? null : (
        <p className="warn" role="alert">
          {words.common.failed(failure)}
        </p>
      )}
      <GladiaKey
        gladia={settings.gladia}
        isHidden={settings.screenShareMode}
        typed={typed.gladiaKey}
        onTyped={(gladiaKey) => onTyped((others) => ({ ...others, gladiaKey }))}
      />
      <ObservabilitySettings
        typedToken={typed.token}
        onTypedToken={(token) => onTyped((others) => ({ ...others, token }))}
      />
      <ServerList isHidden={settings.screenShareMode} />
      <About isHidden={settings.screenShareMode} />
      <SupportBundle />
    </>
  );
}

/** A text that is kept when its field is left or Enter is pressed, not at each key. */
function KeptText(props: {
  readonly label: string;
  readonly value: string;
  readonly isHidden: boolean;
  readonly onKeep: (value: string) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const finish = (): void => {
    if (typed !== null && typed.trim() !== props.value) props.onKeep(typed.trim());
    setTyped(null);
  };
  return (
    <Field
      label={props.label}
      value={typed ?? props.value}
      onChange={setTyped}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === 'Enter') finish();
      }}
      maxLength={1024}
      type={props.isHidden ? 'password' : 'text'}
      isReadOnly={props.isHidden}
      spellCheck="false"
    />
  );
}
