import { useEffect, useRef, useState } from 'react';
import { Btn } from './button.tsx';

export interface AskRemoveProps {
  readonly words: {
    readonly remove: string;
    readonly removeAsk: (name: string) => string;
    readonly removeNot: string;
    readonly removeNow: string;
  };
  readonly name: string;
  readonly isBusy: boolean;
  readonly onRemove: () => void;
}

/** Asks once more: a secret goes with what is removed, and is shown nowhere that it could be copied back from. */
export function AskRemove({ words, name, isBusy, onRemove }: AskRemoveProps) {
  const [isAsking, setAsking] = useState(false);
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isAsking) keep.current?.focus(); // on what changes nothing
  }, [isAsking]);
  if (!isAsking)
    return (
      <div>
        <Btn look="quiet" isDisabled={isBusy} onPress={() => setAsking(true)}>
          {words.remove}
        </Btn>
      </div>
    );
  return (
    <div className="row wrap">
      <span>{words.removeAsk(name)}</span>
      <Btn ref={keep} onPress={() => setAsking(false)}>
        {words.removeNot}
      </Btn>
      <Btn look="trouble" isDisabled={isBusy} onPress={onRemove}>
        {words.removeNow}
      </Btn>
    </div>
  );
}
