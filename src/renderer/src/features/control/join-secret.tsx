import { useState } from 'react';
import { useStore } from 'zustand';
import type { JoinLink } from '../../../../shared/model/join-link.ts';
import { stampUtc } from '../../../../shared/text/utc.ts';
import { isSharingScreen, settingsStore } from '../../stores/settings.ts';
import { controlWords } from '../../text/control-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { useFirstFocus } from '../../ui/use-first-focus.ts';

const text = controlWords.join;
type Copied = 'link' | 'token';

/** A link that was made: masked until it is asked for, and put on the clipboard only after a second press. */
export function JoinSecret({ made }: { readonly made: JoinLink }) {
  const isSharing = useStore(settingsStore, isSharingScreen);
  const [wantsShown, setWantsShown] = useState(false);
  const [asking, setAsking] = useState<Copied | null>(null);
  const [outcome, setOutcome] = useState('');
  const isShown = wantsShown && !isSharing;
  const copy = (what: Copied): void => {
    setAsking(null);
    navigator.clipboard.writeText(made[what]).then(
      () => setOutcome(text.copied),
      () => setOutcome(text.notCopied),
    );
  };
  return (
    <section className="join-secret" aria-label={text.made}>
      <dl className="kv">
        <dt>{text.link}</dt>
        <dd className={isShown ? 'mono is-whole' : 'mono cut'}>
          {isShown ? made.link : made.link.replace(made.token, '{...}')}
        </dd>
        <dt>{text.server}</dt>
        <dd className="mono cut">{made.serverUrl}</dd>
        <dt>{text.token}</dt>
        <dd className={isShown ? 'mono is-whole' : 'mono cut'}>{isShown ? made.token : '•'.repeat(12)}</dd>
      </dl>
      <div className="row wrap">
        {asking === null ? (
          <>
            <Btn isDisabled={isSharing} onPress={() => setWantsShown(!wantsShown)}>
              {isShown ? text.hide : text.show}
            </Btn>
            <Btn onPress={() => setAsking('link')}>{text.copyLink}</Btn>
            <Btn onPress={() => setAsking('token')}>{text.copyToken}</Btn>
          </>
        ) : (
          <AskCopy what={asking} onNo={() => setAsking(null)} onYes={() => copy(asking)} />
        )}
        <output className="sub">{outcome}</output>
        <span className="note">{isSharing ? text.hiddenNow : text.expires(stampUtc(made.expiresAtMs))}</span>
      </div>
      <p className="note">
        {text.gone} {made.isReachableByPage ? text.page : text.notReachable}
      </p>
    </section>
  );
}

function AskCopy(props: { readonly what: Copied; readonly onNo: () => void; readonly onYes: () => void }) {
  const no = useFirstFocus<HTMLButtonElement>(); // on what changes nothing
  return (
    <>
      <span>{text.ask[props.what]}</span>
      <Btn ref={no} onPress={props.onNo}>
        {text.copyNo}
      </Btn>
      <Btn look="first" onPress={props.onYes}>
        {text.copyYes}
      </Btn>
    </>
  );
}
