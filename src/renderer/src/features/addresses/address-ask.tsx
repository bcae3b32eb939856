import { useState } from 'react';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { addressesWords as text } from '../../text/addresses-messages.ts';
import { words } from '../../text/messages.ts';
import { Btn } from '../../ui/button.tsx';
import { useFirstFocus } from '../../ui/use-first-focus.ts';
import { useAddressCalls } from './use-address-calls.ts';

export interface AddressAskProps {
  readonly addressId: string;
  readonly name: string;
  readonly about: 'copy' | 'remove';
  readonly onDone: () => void;
}

/** Asks once more before a secret is handed out, or goes. */
export function AddressAsk({ addressId, name, about, onDone }: AddressAskProps) {
  const calls = useAddressCalls();
  const [outcome, setOutcome] = useState<string | null>(null);
  const not = useFirstFocus<HTMLButtonElement>(); // on what changes nothing
  const isCopy = about === 'copy';
  const failed = (error: unknown): void => {
    const { text: what, advice } = problemOf(error);
    setOutcome(words.common.failed([what, advice].filter(Boolean).join(' ')));
  };
  const go = (): void => {
    if (isCopy) calls.copy(addressId).then(() => setOutcome(text.copied), failed);
    else calls.remove(addressId).then(onDone, failed);
  };
  return (
    <div className="row wrap">
      <span>
        {isCopy ? text.copyAsk(name) : text.removeAsk(name)}
        {isCopy ? <span className="sub"> {text.copyNote}</span> : null}
      </span>
      <Btn ref={not} onPress={onDone}>
        {outcome !== null ? words.common.close : isCopy ? text.copyNot : text.removeNot}
      </Btn>
      {outcome === null ? (
        <Btn look="trouble" onPress={go}>
          {isCopy ? text.copyNow : text.removeNow}
        </Btn>
      ) : null}
      <output className="sub">{outcome}</output>
    </div>
  );
}
