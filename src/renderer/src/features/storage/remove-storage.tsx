import { useEffect, useRef, useState } from 'react';
import { storageWords as text } from '../../text/storage-messages.ts';
import { Btn } from '../../ui/button.tsx';

/** Asks once more: the keys go with the profile, and are shown nowhere that they could be copied back from. */
export function RemoveStorage(props: {
  readonly name: string;
  readonly isBusy: boolean;
  readonly onRemove: () => void;
}) {
  const [isAsking, setAsking] = useState(false);
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isAsking) keep.current?.focus(); // on what changes nothing
  }, [isAsking]);
  if (!isAsking)
    return (
      <div>
        <Btn look="quiet" isDisabled={props.isBusy} onPress={() => setAsking(true)}>
          {text.remove}
        </Btn>
      </div>
    );
  return (
    <div className="row wrap">
      <span>{text.removeAsk(props.name)}</span>
      <Btn ref={keep} onPress={() => setAsking(false)}>
        {text.removeNot}
      </Btn>
      <Btn look="trouble" isDisabled={props.isBusy} onPress={props.onRemove}>
        {text.removeNow}
      </Btn>
    </div>
  );
}
