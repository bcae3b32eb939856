import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useStore } from 'zustand';
import { contract } from '../../../../shared/contract/index.ts';
import type { Observability } from '../../../../shared/contract/observability.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { useApi } from '../../api-context.ts';
import { serversStore } from '../../stores/servers.ts';
import { isSharingScreen, settingsStore } from '../../stores/settings.ts';
import { words } from '../../text/messages.ts';
import { observabilityWords as text } from '../../text/observability-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { KeepChoices } from '../../ui/keep-choices.tsx';

/** The token that other computers need: typed once, then only hinted at. */
export function ObservabilityToken(props: {
  readonly state: Observability;
  /** Kept by the dialog, which forgets it when it closes. */
  readonly typed: string;
  readonly onTyped: (token: string) => void;
}) {
  const { state, typed: token, onTyped: setToken } = props;
  const api = useApi();
  const protection = useStore(serversStore, (servers) => servers.protection);
  const isHidden = useStore(settingsStore, isSharingScreen);
  const [keep, setKeep] = useState<'stored' | 'this-run'>('stored');
  const [outcome, setOutcome] = useState<string | null>(null);
  const order = contract.saveObservabilityToken.params.safeParse({ token, keep });
  const save = (): void => {
    if (!order.success) return setOutcome(text.tokenBad);
    api
      .run((core) => core.saveObservabilityToken(order.data))
      .then(
        () => {
          setToken('');
          setOutcome(text.saved);
        },
        (error: unknown) => setOutcome(words.common.failed(problemOf(error).text)),
      );
  };
  const kept =
    state.tokenHint === null
      ? text.tokenNone
      : `${isHidden ? '' : text.tokenKept(state.tokenHint)}${state.protection === null ? '' : words.kept[state.protection]}`;
  return (
    <Form
      className="field-row"
      onSubmit={(event) => {
        event.preventDefault();
        if (token.trim() !== '') save();
      }}
    >
      <Field label={text.token} type="password" autoComplete="off" value={token} onChange={setToken} maxLength={256} />
      <span className="wide note">{kept}</span>
      {token === '' ? null : <KeepChoices value={keep} protection={protection} onChange={setKeep} />}
      <div className="wide row">
        <Btn type="submit" isDisabled={token.trim() === ''}>
          {text.save}
        </Btn>
        <output className="sub">{outcome}</output>
      </div>
    </Form>
  );
}
