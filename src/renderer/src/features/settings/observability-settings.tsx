import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Observability } from '../../../../shared/contract/observability.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { useApi } from '../../api-context.ts';
import { isSharingScreen, settingsStore } from '../../stores/settings.ts';
import { words } from '../../text/messages.ts';
import { observabilityWords as text } from '../../text/observability-messages.ts';
import { Copyable } from '../../ui/copyable.tsx';
import { Check, Field } from '../../ui/field.tsx';
import { ObservabilityToken } from './observability-token.tsx';

/** Figures for monitors: whether they are served, where, and to whom. */
export function ObservabilitySettings(props: {
  readonly typedToken: string;
  readonly onTypedToken: (token: string) => void;
}) {
  const api = useApi();
  const [state, setState] = useState<Observability | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    const show = (next: Observability): void => {
      setState(next);
      setFailure(null); // what was in the way may be gone with it
    };
    return api.follow((core, options) => core.observability({}, options), show);
  }, [api]);
  if (state === null) return null;
  const change = (part: { isOn?: boolean; port?: number; isOpen?: boolean }): void => {
    api
      .run((core) => core.changeObservability(part))
      .then(
        () => setFailure(null),
        (error: unknown) => setFailure(failureOf(error)),
      );
  };
  return (
    <section className="form set-off" aria-label={text.title}>
      <span className="l">{text.title}</span>
      <Check isOn={state.isOn} onChange={(isOn) => change({ isOn })}>
        {text.on}
      </Check>
      <PortField key={state.port} port={state.port} onKeep={(port) => change({ port })} />
      <span className="l" />
      <Check isOn={state.isOpen} onChange={(isOpen) => change({ isOpen })}>
        {text.open}
      </Check>
      <Served state={state} />
      {failure === null ? null : (
        <p className="wide warn" role="alert">
          {failure}
        </p>
      )}
      <ObservabilityToken state={state} typed={props.typedToken} onTyped={props.onTypedToken} />
    </section>
  );
}

const failureOf = (error: unknown): string => {
  const { text: what, advice } = problemOf(error);
  return [what, advice].filter(Boolean).join(' ');
};

/** The port counts when the field is left: at each key it would be another one. */
function PortField({ port, onKeep }: { readonly port: number; readonly onKeep: (port: number) => void }) {
  const [typed, setTyped] = useState(String(port));
  const next = /^\d{1,5}$/.test(typed.trim()) ? Number(typed) : NaN;
  const isGood = next >= 1 && next <= 65_535;
  const finish = (): void => {
    if (isGood && next !== port) onKeep(next);
  };
  return (
    <Field
      label={text.port}
      value={typed}
      isBad={!isGood}
      inputMode="numeric"
      maxLength={5}
      onChange={setTyped}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === 'Enter') finish();
      }}
    />
  );
}

function Served({ state }: { readonly state: Observability }) {
  const isHidden = useStore(settingsStore, isSharingScreen);
  if (state.problem !== null)
    return (
      <p className="wide warn" role="alert">
        {[state.problem.text, state.problem.advice].filter(Boolean).join(' ')}
      </p>
    );
  if (state.url === null) return null;
  return (
    <p className="wide note">
      {text.servedAt}{' '}
      {isHidden ? words.common.hidden : <Copyable className="mono" text={state.url} label={text.copyLabel} />},{' '}
      {state.isOpen ? text.toAll : text.toUs}
    </p>
  );
}
