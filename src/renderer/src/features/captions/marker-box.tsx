import { clockUtc } from '../../../../shared/text/utc.ts';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { captionsWords } from '../../text/captions-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { captionsView } from './captions-view.ts';
import { useCaptionCalls } from './use-caption-calls.ts';

const text = captionsWords.marker;

/** The Marker button, or the field for its name. The marker is meant for the moment of the press, not of the Enter. */
export function MarkerBox({ sessionId }: { readonly sessionId: string }) {
  const atMs = useStore(captionsView, (state) => state.markingAtMs);
  if (atMs !== null) return <MarkerField key={atMs} sessionId={sessionId} atMs={atMs} />;
  return (
    <Btn onPress={() => captionsView.setState({ markingAtMs: Date.now() })} aria-keyshortcuts="M">
      <Icon name="flag" isSmall />
      {text.button} <kbd>M</kbd>
    </Btn>
  );
}

function MarkerField({ sessionId, atMs }: { readonly sessionId: string; readonly atMs: number }) {
  const { mark } = useCaptionCalls();
  const [name, setName] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const isOver = useRef(false);
  useEffect(() => field.current?.focus(), []);
  const end = (isSet: boolean): void => {
    if (isOver.current) return;
    isOver.current = true;
    captionsView.setState({ markingAtMs: null });
    if (isSet) mark(sessionId, name.trim(), atMs);
  };
  return (
    <label className="marker-field">
      <Icon name="flag" isSmall />
      <span className="note">{text.at(clockUtc(atMs))}</span>
      <input
        ref={field}
        className="field"
        aria-label={text.label}
        placeholder={text.placeholder}
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.target.value)}
        // Whoever goes on without Enter still wanted the marker; only Esc takes it back.
        onBlur={() => end(true)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') end(true);
          else if (event.key === 'Escape') end(false);
        }}
      />
    </label>
  );
}
