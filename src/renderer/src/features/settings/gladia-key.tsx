import { useState } from 'react';
import { Form } from 'react-aria-components';
import type { Settings } from '../../../../shared/contract/settings.ts';
import { useStore } from 'zustand';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { serversStore } from '../../stores/servers.ts';
import { dialogWords } from '../../text/dialog-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Choices, Field } from '../../ui/field.tsx';
import { KeepChoices } from '../../ui/keep-choices.tsx';
import { useSaveGladiaKey } from './use-settings.ts';

const text = dialogWords.settings;

/** The key of the transcriber: typed once, then only hinted at. */
export function GladiaKey(props: {
  readonly gladia: Settings['gladia'];
  readonly isHidden: boolean;
  /** Kept by the dialog, which forgets it when it closes. */
  readonly typed: string;
  readonly onTyped: (key: string) => void;
}) {
  const { gladia, isHidden, typed: key, onTyped: setKey } = props;
  const protection = useStore(serversStore, (state) => state.protection);
  const save = useSaveGladiaKey();
  const [region, setRegion] = useState(gladia.region);
  const [keep, setKeep] = useState<'stored' | 'this-run'>('stored');
  const [outcome, setOutcome] = useState<string | null>(null);
  const send = (): void => {
    save(key, region, keep).then(
      () => {
        setKey('');
        setOutcome(text.saved);
      },
      (error: unknown) => setOutcome(words.common.failed(problemOf(error).text)),
    );
  };
  return (
    <Form
      className="form set-off"
      onSubmit={(event) => {
        event.preventDefault();
        if (key.trim() !== '') send();
      }}
    >
      <Field label={text.gladia} type="password" autoComplete="off" value={key} onChange={setKey} maxLength={256} />
      <span className="wide note">{hintOf(gladia, isHidden)}</span>
      <Choices
        label={text.region}
        value={region}
        onChange={setRegion}
        choices={[
          { value: 'eu-west', label: text.regions['eu-west'] },
          { value: 'us-west', label: text.regions['us-west'] },
        ]}
      />
      <KeepChoices value={keep} protection={protection} onChange={setKeep} />
      <div className="wide row">
        <Btn type="submit" isDisabled={key.trim() === ''}>
          {text.saveKey}
        </Btn>
        <output className="sub">{outcome}</output>
      </div>
    </Form>
  );
}

function hintOf(gladia: Settings['gladia'], isHidden: boolean): string {
  if (gladia.keyHint === null) return text.gladiaNone;
  return `${isHidden ? '' : text.gladiaKept(gladia.keyHint)}${gladia.protection === null ? '' : words.kept[gladia.protection]}`;
}
