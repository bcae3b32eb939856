import { useState } from 'react';
import { useStore } from 'zustand';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { useApi } from '../../api-context.ts';
import { isSharingScreen, settingsStore } from '../../stores/settings.ts';
import { supportWords as text } from '../../text/support-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { useFirstFocus } from '../../ui/use-first-focus.ts';

type State =
  | { readonly step: 'idle' }
  | { readonly step: 'saving' }
  | { readonly step: 'saved'; readonly fileName: string; readonly path: string; readonly sizeBytes: number }
  | { readonly step: 'failed'; readonly why: string };

/** Says what the bundle holds, and saves it in one press. */
export function SupportBundle({ isFirst = false }: { readonly isFirst?: boolean }) {
  const api = useApi();
  const isHidden = useStore(settingsStore, isSharingScreen);
  const [state, setState] = useState<State>({ step: 'idle' });
  const button = useFirstFocus<HTMLButtonElement>(isFirst);
  const failed = (error: unknown): void => {
    const { text: what, advice } = problemOf(error);
    setState({ step: 'failed', why: [what, advice].filter(Boolean).join(' ') });
  };
  const save = (): void => {
    if (state.step === 'saving') return;
    setState({ step: 'saving' });
    api.run((core) => core.saveSupportBundle({})).then((saved) => setState({ step: 'saved', ...saved }), failed);
  };
  const show = (fileName: string): void => {
    api.run((core) => core.revealSupportBundle({ fileName })).catch(failed);
  };
  return (
    <div className="form set-off">
      <span className="l">{text.title}</span>
      <div className="sub about">
        <p>{text.holds}</p>
        <div className="row wrap">
          <Btn ref={button} onPress={save}>
            {state.step === 'saving' ? text.saving : text.save}
          </Btn>
          {state.step === 'saved' ? <Btn onPress={() => show(state.fileName)}>{text.show}</Btn> : null}
        </div>
        <output className={state.step === 'failed' ? 'warn' : ''}>
          {state.step === 'saved' ? text.saved(isHidden ? state.fileName : state.path, state.sizeBytes) : null}
          {state.step === 'failed' ? state.why : null}
        </output>
      </div>
    </div>
  );
}
